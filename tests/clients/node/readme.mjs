// The line of the README for this client, as it stands there but for the address.

import assert from "node:assert/strict";
import { Client, records, run } from "./client.mjs";

const [line] = process.argv.slice(4);
const client = new Function("Client", `return ${line}`)(Client);

await run({
  async "the line makes a client of this server"() {
    const [contact] = await records("contacts");
    assert.equal((await client.crm.contacts.basicApi.getById(contact)).id, contact);
  },
});
