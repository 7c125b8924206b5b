// Links of one pair of records at a time.

import assert from "node:assert/strict";
import { AssociationTypes, client, isObserved, records, run, spec, targets } from "./client.mjs";

const { basicApi } = client.crm.associations.v4;

await run({
  async "a default link comes back in both directions"() {
    const [contact, company] = await records("contacts", "companies");
    const made = await basicApi.createDefault("contacts", contact, "companies", company);
    assert.equal(made.status, "COMPLETE");
    assert.deepEqual(
      made.results.map((each) => [each._from.id, each.to.id, each.associationSpec.associationTypeId]),
      [
        [contact, company, AssociationTypes.contactToCompany],
        [company, contact, AssociationTypes.companyToContact],
      ],
    );
    assert.ok(made.startedAt instanceof Date && made.completedAt >= made.startedAt);
  },

  async "a labelled link comes back with its labels"() {
    const [contact, company] = await records("contacts", "companies");
    const made = await basicApi.create("contacts", contact, "companies", company, [
      spec(AssociationTypes.primaryContactToCompany),
    ]);
    assert.deepEqual([made.fromObjectTypeId, made.toObjectTypeId, made.labels], ["0-1", "0-2", ["Primary"]]);
    const id = isObserved ? Number : String;
    assert.deepEqual([made.fromObjectId, made.toObjectId], [id(contact), id(company)]);
    const page = await basicApi.getPage("contacts", contact, "companies");
    const [row] = page.results;
    assert.equal(row.toObjectId, id(company));
    assert.deepEqual(
      row.associationTypes.map(({ category, typeId, label }) => [category, typeId, label]),
      [
        ["HUBSPOT_DEFINED", 1, "Primary"],
        ["HUBSPOT_DEFINED", 279, null],
      ],
    );
    assert.equal(page.paging, undefined);
  },

  async "a link reads from its other end"() {
    const [contact, company] = await records("contacts", "companies");
    await basicApi.createDefault("contact", contact, "0-2", company);
    const page = await basicApi.getPage("companies", company, "contacts");
    assert.deepEqual(targets(page)[contact].includes(AssociationTypes.companyToContact), true);
  },

  async "a removed link is gone, and removing it again is no error"() {
    const [contact, company] = await records("contacts", "companies");
    await basicApi.createDefault("contacts", contact, "companies", company);
    assert.equal(await basicApi.archive("contacts", contact, "companies", company), undefined);
    assert.equal(await basicApi.archive("contacts", contact, "companies", company), undefined);
    assert.deepEqual((await basicApi.getPage("contacts", contact, "companies")).results, []);
    assert.deepEqual((await basicApi.getPage("companies", company, "contacts")).results, []);
  },
});
