// The same script as in scripts.py, through @hubspot/api-client: node script.mjs URL PROFILE, the plan on stdin.

import { text } from "node:stream/consumers";
import { client, HUBSPOT, labelled, spec, USER } from "../clients/node/client.mjs";

const { contacts, companies } = client.crm;
const { batchApi: links, schema } = client.crm.associations.v4;

function parts(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

// Make records a batch at a time; answers their ids by one of their properties.
async function create(api, key, inputs) {
  const ids = {};
  for (const part of parts(inputs, 100)) {
    const { results } = await api.batchApi.create({ inputs: part });
    for (const made of results) ids[made.properties[key]] = made.id;
  }
  return ids;
}

async function search(propertyName, value) {
  const filterGroups = [{ filters: [{ propertyName, operator: "EQ", value }] }];
  const ids = [];
  let after = "0";
  while (after) {
    const page = await contacts.searchApi.doSearch({ filterGroups, limit: 200, after });
    ids.push(...page.results.map((each) => each.id));
    after = page.paging?.next?.after;
  }
  return ids;
}

async function searches(propertyName, values) {
  const found = {};
  for (const value of values) found[value] = await search(propertyName, value);
  return found;
}

async function rows(source, target, ids) {
  const { results } = await links.getPage(source, target, { inputs: ids.map((id) => ({ id })) });
  return results.flatMap(({ _from, to }) =>
    to.flatMap(({ toObjectId, associationTypes }) =>
      associationTypes.map(({ category, typeId, label }) => [_from.id, String(toObjectId), category, typeId, label]),
    ),
  );
}

const plan = JSON.parse(await text(process.stdin));
const label = { label: plan.label, inverseLabel: plan.inverse, name: `head_${plan.tag}` };
const labelIds = (await schema.definitionsApi.create("contacts", "companies", label)).results.map((each) => each.typeId);
const companyIds = await create(
  companies,
  "city",
  plan.companies.map((properties) => ({ properties, associations: [] })),
);
const contactIds = await create(
  contacts,
  "email",
  plan.contacts.map((properties) => {
    const to = { id: companyIds[properties.city] };
    return { properties, associations: [{ to, types: [spec(1, HUBSPOT)] }] };
  }),
);
const companyOf = Object.fromEntries(plan.contacts.map(({ email, city }) => [email, companyIds[city]]));
const heads = plan.heads.map((head) => ({
  ...labelled(contactIds[head], companyOf[head]),
  types: [spec(labelIds[0], USER)],
}));
await links.create("contacts", "companies", { inputs: heads });
const told = {
  companies: companyIds,
  contacts: contactIds,
  label_ids: labelIds,
  by_company: await searches("associations.company", Object.values(companyIds)),
  by_city: await searches("city", Object.keys(companyIds)),
  by_email: await searches("email", plan.heads),
  all: await search("company", plan.tag),
  links: {
    contacts: await rows("contacts", "companies", Object.values(contactIds)),
    companies: await rows("companies", "contacts", Object.values(companyIds)),
  },
};
console.log(JSON.stringify(told));
