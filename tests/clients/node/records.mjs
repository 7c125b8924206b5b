// Records: made, read, changed, archived and listed, one at a time and in batches.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ABSENT_ID, client, create, records, run, spec } from "./client.mjs";

const contacts = client.crm.contacts;

await run({
  async "a record is created, read, changed and archived"() {
    const email = `${randomUUID()}@example.org`;
    const made = await contacts.basicApi.create({ properties: { email }, associations: [] });
    assert.deepEqual([made.archived, made.properties.email], [false, email]);
    assert.ok(made.createdAt instanceof Date && made.updatedAt >= made.createdAt);
    const read = await contacts.basicApi.getById(made.id, ["email", "firstname"]);
    assert.deepEqual([read.properties.email, read.properties.firstname], [email, null]);
    await contacts.basicApi.update(made.id, { properties: { firstname: "Ada" } });
    assert.equal((await contacts.basicApi.getById(made.id)).properties.firstname, "Ada");
    assert.equal(await contacts.basicApi.archive(made.id), undefined);
    await assert.rejects(contacts.basicApi.getById(made.id), { code: 404 });
    const archived = await contacts.basicApi.getById(made.id, undefined, undefined, undefined, true);
    assert.equal(archived.archived, true);
  },

  async "a record is created with its links and read with them"() {
    const [company] = await records("companies");
    const associations = [{ to: { id: company }, types: [spec(1)] }];
    const made = await contacts.basicApi.create({ properties: {}, associations });
    const read = await contacts.basicApi.getById(made.id, undefined, undefined, ["companies"]);
    const found = read.associations.companies.results.map((each) => [each.id, each.type]);
    assert.deepEqual(found, [
      [company, "contact_to_company"],
      [company, "contact_to_company_unlabeled"],
    ]);
  },

  async "records of any type are listed page by page"() {
    const made = await create("orders", 5);
    const first = await client.crm.objects.basicApi.getPage("orders", 3, made[0]);
    const rest = await client.crm.objects.basicApi.getPage("orders", 3, first.paging.next.after);
    assert.deepEqual([...first.results, ...rest.results].map((each) => each.id), made);
    assert.equal(rest.paging, undefined);
  },

  async "all records of a type are listed at once"() {
    const made = await create("deals", 5);
    const all = await client.crm.deals.getAll(2, made[0]);
    assert.deepEqual(all.map((each) => each.id), made);
  },

  async "batches create and read records, and tell which are missing"() {
    const emails = [`${randomUUID()}@example.org`, `${randomUUID()}@example.net`].sort();
    const inputs = emails.map((email) => ({ properties: { email }, associations: [] }));
    const made = await contacts.batchApi.create({ inputs });
    assert.equal(made.status, "COMPLETE");
    const ids = [...made.results.map((each) => ({ id: each.id })), { id: ABSENT_ID }];
    const asked = { inputs: ids, properties: ["email"], propertiesWithHistory: [] };
    const read = await contacts.batchApi.read(asked);
    assert.equal(read.constructor.name, "BatchResponseSimplePublicObjectWithErrors");
    assert.deepEqual(read.results.map((each) => each.properties.email).sort(), emails);
    assert.deepEqual([read.numErrors, read.errors[0].context], [1, { ids: [ABSENT_ID] }]);
  },
});
