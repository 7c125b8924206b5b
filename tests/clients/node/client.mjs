// What the scripts of this folder share: the client, the records they make, and how they tell what they did.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../../.dev/node/package.json", import.meta.url));
export const { AssociationTypes, Client } = require("@hubspot/api-client");

const [url, profile] = process.argv.slice(2);

export const HUBSPOT = "HUBSPOT_DEFINED";
export const USER = "USER_DEFINED";
export const ABSENT_ID = "9007199254740991"; // a record id that no test creates
export const isObserved = profile === "observed";
export const client = new Client({ accessToken: "pat-na1-any", basePath: url });

// An API that the package exports and its `Client` does not name, made as its `Client` makes the others.
export function unlisted(folder, name) {
  const api = require(`@hubspot/api-client/lib/codegen/${folder}`);
  const { ApiClientConfigurator } = require("@hubspot/api-client/lib/src/configuration/ApiClientConfigurator");
  const { createConfiguration, Observable, ServerConfiguration } = api;
  const parameters = ApiClientConfigurator.getParams(client.config, ServerConfiguration, Observable, Observable);
  return new api[name](createConfiguration(parameters));
}

// Send what the client has no method for; answers the status, the parsed body and the headers.
export async function send(method, path, body) {
  const response = await client.apiRequest({ method, path, body });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text), headers: response.headers };
}

// Make records; answers their ids, ascending.
export async function create(objectType, count) {
  const ids = [];
  for (let left = count; left > 0; left -= 100) {
    const inputs = Array.from({ length: Math.min(left, 100) }, () => ({ properties: {}, associations: [] }));
    const made = await client.crm.objects.batchApi.create(objectType, { inputs });
    ids.push(...made.results.map((record) => record.id));
  }
  return ids.sort((one, other) => Number(one) - Number(other));
}

// Make one record of each of some object types; answers their ids.
export async function records(...objectTypes) {
  const ids = [];
  for (const objectType of objectTypes) ids.push(...(await create(objectType, 1)));
  return ids;
}

export function spec(associationTypeId, associationCategory = HUBSPOT) {
  return { associationCategory, associationTypeId };
}

export function ends(source, target) {
  return { _from: { id: source }, to: { id: target } };
}

export function labelled(source, target, ...typeIds) {
  return { ...ends(source, target), types: typeIds.map((typeId) => spec(typeId)) };
}

// The targets of a page, each with the ids of its types in ascending order.
export function targets(page) {
  const ascending = (row) => row.associationTypes.map((each) => each.typeId).sort((one, other) => one - other);
  return Object.fromEntries(page.results.map((row) => [String(row.toObjectId), ascending(row)]));
}

// Run each step, also after one that failed, and print what became of it: null, or why it failed.
export async function run(steps) {
  const told = {};
  for (const [sentence, step] of Object.entries(steps)) {
    told[sentence] = await step().then(
      () => null,
      (failure) => failure.stack,
    );
  }
  console.log(JSON.stringify(told));
}
