// Limits on how many records one record links to with a type. The package has the API; its `Client` does not name it.

import assert from "node:assert/strict";
import { client, create, HUBSPOT, records, run, send, spec, targets, unlisted, USER } from "./client.mjs";

const { basicApi, schema } = client.crm.associations.v4;
const configurations = unlisted("crm/associations/v4/schema", "DefinitionConfigurationsApi");

// Make a label of deals and tickets with a limit; answers its number.
async function limited(name, maxToObjectIds) {
  const definition = { name, label: name, inverseLabel: `${name} inverse` };
  const { results } = await schema.definitionsApi.create("deals", "tickets", definition);
  const { typeId } = results.find((each) => each.label === name);
  const made = await configurations.batchCreate("deals", "tickets", inputs(typeId, maxToObjectIds));
  assert.equal(made.constructor.name, "BatchResponsePublicAssociationDefinitionUserConfiguration");
  assert.deepEqual(made.results.map(limit), [[typeId, maxToObjectIds]]);
  return typeId;
}

function inputs(typeId, maxToObjectIds) {
  return { inputs: [{ category: USER, typeId, maxToObjectIds }] };
}

function limit({ typeId, userEnforcedMaxToObjectIds }) {
  return [typeId, userEnforcedMaxToObjectIds];
}

// Link one deal to some tickets with a type, one after the other; answers the deal and the tickets.
async function linked(count, typeId) {
  const [deal] = await records("deals");
  const tickets = await create("tickets", count);
  for (const ticket of tickets) await basicApi.create("deals", deal, "tickets", ticket, [spec(typeId, USER)]);
  return [deal, tickets];
}

async function isListed(typeId, maxToObjectIds) {
  const between = await configurations.getAllBetweenTwoObjectTypes("deals", "tickets");
  const all = await configurations.getAll();
  return [between, all].every(({ results }) =>
    results.some((each) => each.typeId === typeId && each.userEnforcedMaxToObjectIds === maxToObjectIds),
  );
}

await run({
  async "a limit is listed, changed and removed"() {
    const typeId = await limited("node_limit_listed", 2);
    assert.ok(await isListed(typeId, 2));
    const changed = await configurations.batchUpdate("deals", "tickets", inputs(typeId, 3));
    assert.deepEqual(changed.results.map(limit), [[typeId, 3]]);
    assert.ok(await isListed(typeId, 3));
    const purged = { inputs: [{ category: USER, typeId }] };
    assert.equal(await configurations.batchRemove("deals", "tickets", purged), undefined);
    assert.ok(!(await isListed(typeId, 3)));
  },

  async "a write beyond the limit is refused, and one below a raised limit is not"() {
    const typeId = await limited("node_limit_full", 2);
    const [deal, tickets] = await linked(2, typeId);
    const [another] = await records("tickets");
    const write = () => basicApi.create("deals", deal, "tickets", another, [spec(typeId, USER)]);
    await assert.rejects(write(), ({ code, body }) => {
      assert.deepEqual([code, body.category], [400, "VALIDATION_ERROR"]);
      assert.equal(body.subCategory, "crm.associations.ASSOCIATION_LIMIT_EXCEEDED");
      return true;
    });
    const found = async () => Object.keys(targets(await basicApi.getPage("deals", deal, "tickets")));
    assert.deepEqual(await found(), tickets);
    await configurations.batchUpdate("deals", "tickets", inputs(typeId, 3));
    await write();
    assert.deepEqual(await found(), [...tickets, another]);
  },

  async "a limit on a type that the pair does not have cancels the batch"() {
    const ofDealsAndCompanies = { inputs: [{ category: HUBSPOT, typeId: 5, maxToObjectIds: 5 }] };
    const answer = await configurations.batchCreate("deals", "tickets", ofDealsAndCompanies);
    assert.equal(answer.constructor.name, "BatchResponsePublicAssociationDefinitionUserConfigurationWithErrors");
    assert.deepEqual([answer.status, answer.results, answer.numErrors], ["CANCELED", [], 1]);
    assert.equal(answer.errors[0].subCategory, "crm.associations.INVALID_ASSOCIATION_TYPE");
    assert.equal(answer.errors[0].message, "0-5 is not a valid association type between DEAL and TICKET");
  },

  async "the published paths do the same"() {
    for (const version of ["v4", "2025-09", "2026-03", "2026-09"]) {
      const typeId = await limited(`node_limit_${version.replace("-", "_")}`, 2);
      const path = `/crm/associations/${version}/definitions/configurations/deals/tickets`;
      const listed = await send("GET", path);
      assert.ok(listed.body.results.some((each) => each.typeId === typeId));
      const changed = await send("POST", `${path}/batch/update`, inputs(typeId, 4));
      assert.equal(changed.status, 200);
      assert.deepEqual(changed.body.results.map(limit), [[typeId, 4]]);
      const purged = await send("POST", `${path}/batch/purge`, { inputs: [{ category: USER, typeId }] });
      assert.ok([200, 204].includes(purged.status));
    }
  },
});
