// Lets nothing out of this machine: node --require guard.cjs. A forgotten base URL then fails, and no token leaves.

const dgram = require("node:dgram");
const dns = require("node:dns");
const net = require("node:net");

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

function requireLoopback(host) {
  if (host && !LOOPBACK.includes(host)) throw new Error(`refused: ${host} is not this machine`);
}

// Before a call of `owner[name]`, check the host that `hostOf` finds in its arguments.
function guard(owner, name, hostOf) {
  const original = owner[name];
  owner[name] = function (...given) {
    requireLoopback(hostOf(given));
    return original.apply(this, given);
  };
}

// What Node passes on within itself is one array of the arguments; a path is that of a socket in the file system.
function hostOfConnect([first, second]) {
  const target = Array.isArray(first) ? first[0] : first;
  if (typeof target === "object" && target !== null) return target.path ? undefined : target.host;
  return second;
}

guard(net.Socket.prototype, "connect", hostOfConnect);
guard(dgram.Socket.prototype, "connect", ([, address]) => (typeof address === "string" ? address : undefined));
guard(dgram.Socket.prototype, "send", (given) => given.slice(1).find((each) => typeof each === "string"));
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) {
  guard(dns, name, ([host]) => host);
  guard(dns.promises, name, ([host]) => host);
}
