// How much of the portal's limits is used, for which this client has no methods: requests by path.

import assert from "node:assert/strict";
import { run, send } from "./client.mjs";

const roots = ["/crm/v3/limits", "/crm/limits/2025-09", "/crm/limits/2026-03", "/crm/limits/2026-09"];

async function inEachVersion(path, step) {
  for (const root of roots) {
    const { status, body } = await send("GET", `${root}/${path}`);
    assert.equal(status, 200, root);
    step(body);
  }
}

function isObjectType({ objectTypeId, singularLabel, pluralLabel }) {
  return [objectTypeId, singularLabel, pluralLabel].every((text) => typeof text === "string" && text);
}

await run({
  async "labels are counted for each direction of a pair"() {
    await inEachVersion("associations/labels", ({ results }) => {
      const found = results.find(
        (each) => each.fromObjectType.objectTypeId === "0-1" && each.toObjectType.objectTypeId === "0-2",
      );
      assert.ok(found.allLabels.includes("Decision maker"));
      assert.ok(found.usage >= 2 && found.limit >= found.usage);
      assert.ok(Math.abs(found.percentage - (found.usage / found.limit) * 100) < 1 || found.percentage < 1);
      assert.ok(isObjectType(found.fromObjectType) && isObjectType(found.toObjectType));
    });
  },

  async "object types with records near a limit are listed"() {
    for (const path of ["associations/records/from", "associations/records/0-1/to"]) {
      await inEachVersion(path, ({ results }) => {
        for (const each of results) {
          assert.ok(isObjectType(each));
          assert.ok(each.hasRecordsNearLimit || each.hasRecordsAtLimit);
        }
      });
    }
  },

  async "records near the limit of a pair are counted"() {
    await inEachVersion("associations/records/0-1/0-2", (body) => {
      assert.ok(body.limit > 0);
      assert.ok(body.totalRecordsAtLimit >= body.atLimitFromRecordSamples.length);
      assert.ok(body.totalRecordsNearLimit >= body.nearLimitFromRecordSamples.length);
    });
  },

  async "records and custom object types are counted"() {
    await inEachVersion("records", ({ hubspotDefinedObjectTypes }) => {
      assert.ok(hubspotDefinedObjectTypes.every(isObjectType));
    });
    await inEachVersion("custom-object-types", ({ usage, limit }) => assert.ok(usage <= limit));
  },
});
