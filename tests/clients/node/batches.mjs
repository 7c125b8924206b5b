// Links of many pairs at a time: whole batches, and batches of which a part failed.

import assert from "node:assert/strict";
import { ABSENT_ID, client, create, ends, isObserved, labelled, records, run, targets } from "./client.mjs";

const { basicApi, batchApi } = client.crm.associations.v4;

async function linked(contact) {
  return targets(await basicApi.getPage("contacts", contact, "companies"));
}

await run({
  async "a whole batch comes as the class without errors"() {
    const [contact] = await records("contacts");
    const companies = await create("companies", 3);
    const inputs = companies.map((company) => labelled(contact, company, 279));
    const made = await batchApi.create("contacts", "companies", { inputs });
    assert.equal(made.constructor.name, "BatchResponseLabelsBetweenObjectPair");
    assert.deepEqual(made.results.map((each) => String(each.toObjectId)), companies);
  },

  async "a partly failed batch comes as the class with errors"() {
    const [contact, company] = await records("contacts", "companies");
    const inputs = [labelled(contact, company, 1), labelled(contact, ABSENT_ID, 279)];
    const { data: made, httpStatusCode } = await batchApi.createWithHttpInfo("contacts", "companies", { inputs });
    assert.equal(httpStatusCode, 207);
    assert.equal(made.constructor.name, "BatchResponseLabelsBetweenObjectPairWithErrors");
    assert.deepEqual([made.status, made.numErrors, made.errors.length], ["COMPLETE", 1, 1]);
    assert.equal(made.errors[0].message, `No company with ID ${ABSENT_ID} exists`);
    assert.equal(made.errors[0].subCategory, "crm.associations.TO_OBJECT_NOT_FOUND");
    assert.deepEqual(made.errors[0].context, { objectType: ["company"], id: [ABSENT_ID] });
    assert.deepEqual(made.results.map((each) => String(each.toObjectId)), [company]);
    assert.deepEqual(await linked(contact), { [company]: [1, 279] });
  },

  async "a batch read reports who has no links"() {
    const [contact, company] = await records("contacts", "companies");
    const [lonely] = await records("contacts");
    await basicApi.createDefault("contacts", contact, "companies", company);
    const inputs = [{ id: contact }, { id: lonely }];
    const read = await batchApi.getPage("contacts", "companies", { inputs });
    assert.equal(read.constructor.name, "BatchResponsePublicAssociationMultiWithLabelWithErrors");
    assert.deepEqual(read.results.map((each) => [each._from.id, String(each.to[0].toObjectId)]), [[contact, company]]);
    assert.equal(read.errors[0].message, `No company is associated with contact ${lonely}.`);
    assert.equal(read.errors[0].subCategory, "crm.associations.NO_ASSOCIATIONS_FOUND");
  },

  async "a default batch comes back one entry per input"() {
    const [contact] = await records("contacts");
    const companies = await create("companies", 2);
    const inputs = companies.map((company) => ends(contact, company));
    const made = await batchApi.createDefault("contacts", "companies", { inputs });
    assert.deepEqual(made.results.map((each) => [each._from.id, each.to.id]), companies.map((each) => [contact, each]));
    assert.equal(made.numErrors, undefined);
  },

  async "a partly failed default batch links what it can"() {
    const [contact, company] = await records("contacts", "companies");
    const inputs = [ends(contact, company), ends(contact, ABSENT_ID)];
    const answer = batchApi.createDefault("contacts", "companies", { inputs });
    if (isObserved) {
      await assert.rejects(answer, { code: 207 }); // this client knows 200 alone, and takes a 207 for a failure
    } else {
      const made = await answer;
      assert.deepEqual([made.numErrors, made.errors.length, made.results.length], [1, 1, 1]);
    }
    assert.deepEqual(Object.keys(await linked(contact)), [company]);
  },

  async "batches remove labels and links"() {
    const [contact, company] = await records("contacts", "companies");
    const inputs = [labelled(contact, company, 1)];
    await batchApi.create("contacts", "companies", { inputs });
    assert.equal(await batchApi.archiveLabels("contacts", "companies", { inputs }), undefined);
    assert.deepEqual(await linked(contact), { [company]: [279] });
    const pairs = { inputs: [{ _from: { id: contact }, to: [{ id: company }] }] };
    assert.equal(await batchApi.archive("contacts", "companies", pairs), undefined);
    assert.deepEqual(await linked(contact), {});
  },
});
