// Labels of the portal: made in pairs, used, renamed and deleted.

import assert from "node:assert/strict";
import { client, records, run, send, spec, targets, USER } from "./client.mjs";

const { basicApi, schema } = client.crm.associations.v4;
const { definitionsApi } = schema;

// Make a label of deals and tickets; answers the number of each half.
async function define(name, label, inverseLabel) {
  const { results } = await definitionsApi.create("deals", "tickets", { name, label, inverseLabel });
  assert.equal(results.length, 2);
  assert.deepEqual(new Set(results.map((each) => each.category)), new Set([USER]));
  const own = new Set((await definitionsApi.getAll("deals", "tickets")).results.map((each) => key(each)));
  const [half] = results.filter((each) => own.has(key(each)));
  const [inverse] = results.filter((each) => each !== half);
  return [half.typeId, inverse.typeId];
}

function key({ category, typeId }) {
  return `${category} ${typeId}`;
}

async function label(source, target, typeId) {
  const { results } = await definitionsApi.getAll(source, target);
  return results.find((each) => key(each) === `${USER} ${typeId}`)?.label;
}

async function linkedWith(typeId) {
  const [deal, ticket] = await records("deals", "tickets");
  await basicApi.create("deals", deal, "tickets", ticket, [spec(typeId, USER)]);
  return [deal, ticket];
}

await run({
  async "a label and its inverse are listed, each in its direction"() {
    const [half, inverse] = await define("node_blocks", "Node blocks", "Node blocked by");
    assert.equal(await label("deals", "tickets", half), "Node blocks");
    assert.equal(await label("tickets", "deals", inverse), "Node blocked by");
  },

  async "a link carries the label, and its inverse at the other end"() {
    const [half, inverse] = await define("node_causes", "Node causes", "Node caused by");
    const [deal, ticket] = await linkedWith(half);
    assert.ok(targets(await basicApi.getPage("deals", deal, "tickets"))[ticket].includes(half));
    assert.ok(targets(await basicApi.getPage("tickets", ticket, "deals"))[deal].includes(inverse));
  },

  async "a new text is read at once, at both ends"() {
    const [half, inverse] = await define("node_needs", "Node needs", "Node needed by");
    const change = { associationTypeId: half, label: "Node wants", inverseLabel: "Node wanted by" };
    assert.equal(await definitionsApi.update("deals", "tickets", change), undefined);
    assert.equal(await label("deals", "tickets", half), "Node wants");
    assert.equal(await label("tickets", "deals", inverse), "Node wanted by");
  },

  async "a deleted label is gone from both directions and from the records"() {
    const [half, inverse] = await define("node_funds", "Node funds", "Node funded by");
    const [deal, ticket] = await linkedWith(half);
    assert.equal(await definitionsApi.remove("deals", "tickets", half), undefined);
    assert.equal(await label("deals", "tickets", half), undefined);
    assert.equal(await label("tickets", "deals", inverse), undefined);
    const types = targets(await basicApi.getPage("deals", deal, "tickets"))[ticket] ?? [];
    assert.ok(!types.includes(half));
  },

  async "a label text that the pair has is refused"() {
    await define("node_first", "Node twice", "Node twice inverse");
    const again = { name: "node_second", label: "Node twice", inverseLabel: "Node twice inverse" };
    await assert.rejects(definitionsApi.create("deals", "tickets", again), ({ code, body }) => {
      assert.deepEqual([code, body.category], [400, "VALIDATION_ERROR"]);
      return true;
    });
  },

  async "an unknown label is neither changed nor deleted"() {
    const change = { associationTypeId: 987654, label: "Node nothing" };
    await assert.rejects(definitionsApi.update("deals", "tickets", change), { code: 400 });
    await assert.rejects(definitionsApi.remove("deals", "tickets", 987654), { code: 400 });
  },

  async "the published paths do the same"() {
    for (const version of ["v4", "2025-09", "2026-03", "2026-09"]) {
      const path = `/crm/associations/${version}/deals/tickets/labels`;
      const name = `node_${version.replace("-", "_")}`;
      const made = await send("POST", path, { name, label: name, inverseLabel: `${name} inverse` });
      assert.equal(made.status, 200);
      const { typeId } = made.body.results[0];
      const change = { associationTypeId: typeId, label: `${name} anew`, inverseLabel: `${name} inverse` };
      assert.equal((await send("PUT", path, change)).status, 204);
      assert.equal((await send("DELETE", `${path}/${typeId}`)).status, 204);
    }
  },
});
