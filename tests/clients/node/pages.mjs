// Many links of one record, read to the end.

import assert from "node:assert/strict";
import { client, create, labelled, records, run } from "./client.mjs";

const { basicApi, batchApi } = client.crm.associations.v4;
const [company] = await records("companies");
const contacts = await create("contacts", 1200);
const inputs = contacts.map((contact) => labelled(company, contact, 280));
await batchApi.create("companies", "contacts", { inputs });

await run({
  async "pages of 1200 links are read to the end"() {
    const sizes = [];
    const found = [];
    let after;
    do {
      const page = await basicApi.getPage("companies", company, "contacts", after, 500);
      sizes.push(page.results.length);
      found.push(...page.results.map((row) => String(row.toObjectId)));
      after = page.paging?.next.after;
    } while (after);
    assert.deepEqual(sizes, [500, 500, 200]);
    assert.deepEqual(found, contacts);
  },

  async "a batch read pages 1200 links through its inputs"() {
    const found = [];
    let input = { id: company };
    while (input) {
      const read = await batchApi.getPage("companies", "contacts", { inputs: [input] });
      const [result] = read.results;
      found.push(...result.to.map((row) => String(row.toObjectId)));
      const after = result.paging?.next.after;
      input = after && { id: company, after };
    }
    assert.deepEqual(found, contacts);
  },
});
