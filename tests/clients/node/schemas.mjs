// Object types of the portal, pipelines and owners.

import assert from "node:assert/strict";
import { client, create, run, send } from "./client.mjs";

const { coreApi } = client.crm.schemas;
const { pipelinesApi, pipelineStagesApi } = client.crm.pipelines;
const { ownersApi } = client.crm.owners;
const property = { name: "model", label: "Model", type: "string", fieldType: "text" };

function named(prefix) {
  return `${prefix}_${process.pid}_${Date.now()}`;
}

async function newType(further) {
  const labels = { singular: "Car", plural: "Cars" };
  return coreApi.create({
    name: named("case_node"),
    labels,
    primaryDisplayProperty: "model",
    requiredProperties: [],
    properties: [property],
    associatedObjects: ["CONTACT"],
    ...further,
  });
}

await run({
  async "an object type is defined, read and used"() {
    const made = await newType();
    assert.match(made.objectTypeId, /^2-\d+$/);
    assert.deepEqual(await coreApi.getById(made.fullyQualifiedName), made);
    const [car] = await create(made.objectTypeId, 1);
    const [contact] = await create("contacts", 1);
    await client.crm.associations.v4.basicApi.createDefault(made.objectTypeId, car, "contacts", contact);
    const page = await client.crm.associations.v4.basicApi.getPage(made.objectTypeId, car, "contacts");
    assert.equal(String(page.results[0].toObjectId), contact);
    await client.crm.objects.basicApi.archive(made.objectTypeId, car);
    await coreApi.archive(made.objectTypeId);
    const { results } = await coreApi.getAll(true);
    assert.ok(results.some((each) => each.objectTypeId === made.objectTypeId && each.archived));
    await coreApi.archive(made.objectTypeId, true);
  },

  async "an object type is changed and associated"() {
    const { objectTypeId } = await newType();
    const changed = await coreApi.update(objectTypeId, { requiredProperties: ["model"] });
    assert.deepEqual(changed.requiredProperties, ["model"]);
    const ends = { fromObjectTypeId: objectTypeId, toObjectTypeId: "0-3", name: named("car_to_deal") };
    const made = await coreApi.createAssociation(objectTypeId, ends);
    await coreApi.archiveAssociation(objectTypeId, made.id);
    const { associations } = await coreApi.getById(objectTypeId);
    assert.ok(!associations.some((each) => each.id === made.id));
    await coreApi.archive(objectTypeId);
  },

  async "a pipeline is made, changed and removed"() {
    const stage = { label: "Open", displayOrder: 0, metadata: { probability: "0.5" } };
    const made = await pipelinesApi.create("deals", { label: named("Line"), displayOrder: 1, stages: [stage] });
    const won = { label: "Won", displayOrder: 1, metadata: { probability: "1.0" } };
    const added = await pipelineStagesApi.create("deals", made.id, won);
    assert.equal(added.metadata.isClosed, "true");
    const { results } = await pipelineStagesApi.getAll("deals", made.id);
    assert.deepEqual(
      results.map((each) => each.label),
      ["Open", "Won"],
    );
    await pipelineStagesApi.archive("deals", made.id, added.id);
    await pipelinesApi.archive("deals", made.id);
    await assert.rejects(pipelinesApi.getById("deals", made.id), (error) => error.code === 404);
  },

  async "owners are read"() {
    const { results } = await ownersApi.getPage();
    assert.deepEqual(
      results.map((each) => each.firstName),
      ["Alma", "Bruno", "Chidi"],
    );
    const owner = await ownersApi.getById(Number(results[0].id));
    assert.equal(owner.email, results[0].email);
  },

  async "the account is read"() {
    const { status, body } = await send("GET", "/account-info/v3/details");
    assert.deepEqual([status, body.portalId, body.timeZone], [200, 1000001, "UTC"]);
    assert.equal((await send("GET", "/integrations/v1/me")).body.portalId, 1000001);
  },
});
