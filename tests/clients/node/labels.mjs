// The association types of a pair of object types, under both spellings of the path and the dated ones.

import assert from "node:assert/strict";
import { client, HUBSPOT, run, send, USER } from "./client.mjs";

const { definitionsApi } = client.crm.associations.v4.schema;
const versions = ["v4", "2025-09", "2026-03"];

function labelsOf({ results }) {
  return Object.fromEntries(results.map((each) => [`${each.category} ${each.typeId}`, each.label]));
}

await run({
  async "the types of a pair are listed where this client asks"() {
    const labels = labelsOf(await definitionsApi.getAll("contacts", "companies"));
    assert.equal(labels[`${HUBSPOT} 1`], "Primary");
    assert.equal(labels[`${HUBSPOT} 279`], null);
    assert.equal(labels[`${USER} 1`], "Decision maker");
  },

  async "the types of the other direction have their own numbers"() {
    const labels = labelsOf(await definitionsApi.getAll("companies", "contacts"));
    assert.equal(labels[`${HUBSPOT} 2`], "Primary");
    assert.equal(labels[`${HUBSPOT} 280`], null);
    assert.equal(labels[`${USER} 2`], "Decided by");
  },

  async "the published paths answer the same"() {
    const listed = await definitionsApi.getAll("contacts", "companies");
    for (const version of versions) {
      const { status, body } = await send("GET", `/crm/associations/${version}/contacts/companies/labels`);
      assert.equal(status, 200);
      assert.deepEqual(labelsOf(body), labelsOf(listed));
    }
  },
});
