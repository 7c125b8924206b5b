// Properties and their groups, and values that are refused.

import assert from "node:assert/strict";
import { client, run } from "./client.mjs";

const { batchApi, coreApi, groupsApi } = client.crm.properties;
const contacts = client.crm.contacts.basicApi;
let names = 0;

function named(prefix = "p") {
  names += 1;
  return `${prefix}_${process.pid}_${Date.now()}_${names}`;
}

function property(further) {
  const label = "Made for a test";
  return { name: named(), label, type: "string", fieldType: "text", groupName: "contactinformation", ...further };
}

async function refusal(answer) {
  const failure = await answer.then(
    () => assert.fail("nothing was refused"),
    (caught) => caught,
  );
  assert.equal(failure.constructor.name, "ApiException");
  return failure;
}

await run({
  async "a property is defined, changed, used and archived"() {
    const options = ["a", "b"].map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false }));
    const wanted = property({ type: "enumeration", fieldType: "checkbox", options });
    const { name } = wanted;
    const made = await coreApi.create("contacts", wanted);
    assert.deepEqual([made.name, made.hubspotDefined, made.archived], [name, false, false]);
    assert.ok(made.createdAt instanceof Date);
    assert.deepEqual(await coreApi.getByName("contacts", name), made);
    const contact = await contacts.create({ properties: { [name]: "b;a" }, associations: [] });
    assert.equal(contact.properties[name], "b;a");
    assert.equal((await coreApi.update("contacts", name, { label: "Other" })).label, "Other");
    await coreApi.archive("contacts", name);
    assert.equal((await coreApi.getByName("contacts", name, true)).archived, true);
    const { results } = await coreApi.getAll("contacts", true);
    assert.ok(results.some((each) => each.name === name));
    const refused = await refusal(coreApi.getByName("contacts", name));
    assert.deepEqual([refused.code, refused.body.subCategory], [404, "PROPERTY_DOESNT_EXIST"]);
  },

  async "a group is defined, changed and archived once it is empty"() {
    const name = named("g");
    const group = await groupsApi.create("contacts", { name, label: "Bees", displayOrder: 3 });
    assert.deepEqual(await groupsApi.getByName("contacts", name), group);
    assert.equal((await groupsApi.update("contacts", name, { label: "Hives" })).label, "Hives");
    const held = await coreApi.create("contacts", property({ groupName: name }));
    const refused = await refusal(groupsApi.archive("contacts", name));
    assert.equal(refused.body.subCategory, "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES");
    await coreApi.archive("contacts", held.name);
    await groupsApi.archive("contacts", name);
    const { results } = await groupsApi.getAll("contacts");
    assert.ok(!results.some((each) => each.name === name));
  },

  async "batches define, read and archive properties, and tell what failed"() {
    const inputs = [property(), property({ type: "number", fieldType: "number" })];
    const names = inputs.map(({ name }) => ({ name }));
    const done = await batchApi.create("contacts", { inputs });
    assert.deepEqual(
      done.results.map((each) => each.name),
      names.map((each) => each.name),
    );
    const part = await batchApi.create("contacts", { inputs: [property(), inputs[0]] });
    assert.equal(part.constructor.name, "BatchResponsePropertyWithErrors");
    assert.deepEqual([part.results.length, part.numErrors], [1, 1]);
    assert.equal(part.errors[0].subCategory, "Properties.PROPERTY_WITH_NAME_EXISTS");
    await batchApi.archive("contacts", { inputs: names });
    const read = await batchApi.read("contacts", { inputs: names, archived: true });
    assert.deepEqual(
      read.results.map((each) => each.archived),
      [true, true],
    );
  },

  async "values that are refused are told one by one, and nothing is written"() {
    const { name } = await coreApi.create("contacts", property({ type: "bool", fieldType: "booleancheckbox" }));
    const contact = await contacts.create({ properties: { [name]: "true" }, associations: [] });
    const properties = { [name]: "yes", color: "red" };
    for (const write of [
      () => contacts.create({ properties, associations: [] }),
      () => contacts.update(contact.id, { properties }),
    ]) {
      const { code, body } = await refusal(write());
      assert.deepEqual([code, body.category], [400, "VALIDATION_ERROR"]);
      assert.match(body.message, /^Property values were not valid: \[\{"isValid":false,/);
      assert.deepEqual(
        body.errors.map((each) => [each.code, each.context.propertyName]),
        [
          ["INVALID_OPTION", [name]],
          ["PROPERTY_DOESNT_EXIST", ["color"]],
        ],
      );
    }
    assert.equal((await contacts.getById(contact.id, [name])).properties[name], "true");
  },

  async "a unique value is taken once and tells its record"() {
    const { name } = await coreApi.create("contacts", property({ hasUniqueValue: true }));
    const contact = { properties: { [name]: "A" }, associations: [] };
    const { id } = await contacts.create(contact);
    const refused = await refusal(contacts.create(contact));
    assert.deepEqual([refused.code, refused.body.category], [409, "CONFLICT"]);
    const found = await contacts.getById("A", [name], undefined, undefined, false, name);
    assert.equal(found.id, id);
    await coreApi.archive("contacts", name);
  },
});
