// The dated versions, for which this client has no methods: requests by path.

import assert from "node:assert/strict";
import { ABSENT_ID, HUBSPOT, records, run, send, spec } from "./client.mjs";

const versions = ["2025-09", "2026-03", "2026-09"];

async function inEachVersion(step) {
  for (const version of versions) {
    const [contact, company] = await records("contacts", "companies");
    await step(version, contact, company);
  }
}

function links(version, contact) {
  return `/crm/objects/${version}/contacts/${contact}/associations/companies`;
}

await run({
  async "a default link comes back in both directions"() {
    await inEachVersion(async (version, contact, company) => {
      const path = `/crm/objects/${version}/contacts/${contact}/associations/default/companies/${company}`;
      const { status, body } = await send("PUT", path);
      assert.equal(status, 200);
      assert.deepEqual(body.results, [
        { from: { id: contact }, to: { id: company }, associationSpec: spec(279) },
        { from: { id: company }, to: { id: contact }, associationSpec: spec(280) },
      ]);
    });
  },

  async "a labelled link is read and removed"() {
    await inEachVersion(async (version, contact, company) => {
      const made = await send("PUT", `${links(version, contact)}/${company}`, [spec(1)]);
      assert.ok([200, 201].includes(made.status));
      assert.deepEqual(made.body.labels, ["Primary"]);
      const read = await send("GET", links(version, contact));
      assert.deepEqual(read.body.results[0].associationTypes, [
        { category: HUBSPOT, typeId: 1, label: "Primary" },
        { category: HUBSPOT, typeId: 279, label: null },
      ]);
      assert.equal((await send("DELETE", `${links(version, contact)}/${company}`)).status, 204);
      assert.deepEqual((await send("GET", links(version, contact))).body.results, []);
    });
  },

  async "a batch that failed in part keeps the rest"() {
    await inEachVersion(async (version, contact, company) => {
      const inputs = [company, ABSENT_ID].map((id) => ({ from: { id: contact }, to: { id }, types: [spec(279)] }));
      const path = `/crm/associations/${version}/contacts/companies/batch/create`;
      const { status, body } = await send("POST", path, { inputs });
      assert.ok([200, 207].includes(status));
      assert.deepEqual(body.results.map((each) => String(each.toObjectId)), [company]);
      assert.deepEqual([body.numErrors, body.errors[0].subCategory], [1, "crm.associations.TO_OBJECT_NOT_FOUND"]);
    });
  },

  async "a refusal is an answer like any other"() {
    await inEachVersion(async (version) => {
      const { status, body, headers } = await send("GET", links(version, "not-a-number"));
      assert.equal(status, 404);
      assert.equal(headers.get("x-hubspot-correlation-id"), body.correlationId);
    });
  },
});
