// Associations v3: types by name, in batches only.

import assert from "node:assert/strict";
import { ABSENT_ID, client, create, ends, isObserved, records, run, targets } from "./client.mjs";

const { batchApi, schema, v4 } = client.crm.associations;
const NAME = "contact_to_company_unlabeled";
const BACK = "company_to_contact_unlabeled";

function named(source, target, type = NAME) {
  return { ...ends(source, target), type };
}

// The live service was seen to answer 200, which this client does not know: it throws, though the links are made.
async function link(from, to, inputs) {
  const answer = batchApi.create(from, to, { inputs });
  if (!isObserved) return answer;
  await assert.rejects(answer, { code: 200 });
}

await run({
  async "the types of a pair are listed by name"() {
    const { results } = await schema.typesApi.getAll("contacts", "companies");
    const listed = results.map((each) => `${each.id} ${each.name}`);
    assert.ok(listed.includes("1 contact_to_company") && listed.includes(`279 ${NAME}`), listed.join());
  },

  async "a batch links by name, and tells of both directions"() {
    const [contact] = await records("contacts");
    const companies = await create("companies", 2);
    const made = await link("contacts", "companies", companies.map((company) => named(contact, company)));
    if (made) {
      assert.equal(made.constructor.name, "BatchResponsePublicAssociation");
      assert.equal(made.status, "COMPLETE");
      const told = made.results.map((each) => [each._from.id, each.to.id, each.type]);
      const both = companies.flatMap((company) => [[contact, company, NAME], [company, contact, BACK]]);
      assert.deepEqual(told, both);
    }
    const read = await batchApi.read("companies", "contacts", { inputs: [{ id: companies[1] }] });
    assert.equal(read.constructor.name, "BatchResponsePublicAssociationMulti");
    assert.deepEqual(read.results[0].to.map((each) => [each.id, each.type]), [[contact, BACK]]);
  },

  async "v4 reads what v3 linked"() {
    const [contact, company] = await records("contacts", "companies");
    await link("contacts", "companies", [named(contact, company)]);
    const page = await v4.basicApi.getPage("companies", company, "contacts");
    assert.ok(targets(page)[contact].includes(280));
  },

  async "a partly failed batch comes as the class with errors"() {
    const [contact, company] = await records("contacts", "companies");
    const inputs = [named(contact, company), named(contact, ABSENT_ID)];
    const made = await batchApi.create("contacts", "companies", { inputs });
    assert.equal(made.constructor.name, "BatchResponsePublicAssociationWithErrors");
    assert.deepEqual(made.errors.map((each) => each.message), [`No company with ID ${ABSENT_ID} exists`]);
    assert.equal(made.errors[0].subCategory, "crm.associations.TO_OBJECT_NOT_FOUND");
  },

  async "a type that the pair does not have refuses the whole batch"() {
    const [deal, contact] = await records("deals", "contacts");
    const answer = batchApi.create("deals", "contacts", { inputs: [named(deal, contact, "test")] });
    await assert.rejects(answer, ({ code, body }) => {
      assert.deepEqual([code, body.category], [400, "VALIDATION_ERROR"]);
      assert.equal(body.subCategory, "crm.associations.INVALID_ASSOCIATION_TYPE");
      assert.equal(body.message, "test is not a valid association type between deals and contacts");
      return true;
    });
  },

  async "a batch read reports who has no links"() {
    const [contact] = await records("contacts");
    const read = await batchApi.read("contacts", "companies", { inputs: [{ id: contact }] });
    assert.equal(read.constructor.name, "BatchResponsePublicAssociationMultiWithErrors");
    assert.deepEqual([read.results, read.errors[0].subCategory], [[], "crm.associations.NO_ASSOCIATIONS_FOUND"]);
  },

  async "a batch read is cut at 100 entries of an input"() {
    const [company] = await records("companies");
    const contacts = await create("contacts", 120);
    const inputs = contacts.map((contact) => named(company, contact, BACK));
    await link("companies", "contacts", inputs);
    const { results } = await batchApi.read("companies", "contacts", { inputs: [{ id: company }] });
    assert.equal(results[0].to.length, 100);
    assert.ok(results[0].paging.next.after);
  },

  async "a removed link is gone"() {
    const [contact, company] = await records("contacts", "companies");
    const inputs = [named(contact, company)];
    await link("contacts", "companies", inputs);
    assert.equal(await batchApi.archive("contacts", "companies", { inputs }), undefined);
    assert.deepEqual(targets(await v4.basicApi.getPage("contacts", contact, "companies")), {});
  },
});
