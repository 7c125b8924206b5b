// Refusals: an ApiException with the status as its code, the parsed body and the headers.

import assert from "node:assert/strict";
import { ABSENT_ID, Client, client, isObserved, records, run, spec, USER } from "./client.mjs";

const { basicApi } = client.crm.associations.v4;

async function refusal(answer) {
  const failure = await answer.then(
    () => assert.fail("nothing was refused"),
    (caught) => caught,
  );
  assert.equal(failure.constructor.name, "ApiException");
  assert.equal(failure.headers["x-hubspot-correlation-id"], failure.body.correlationId);
  return failure;
}

await run({
  async "an unknown type id is refused with a body that names it"() {
    const [contact, company] = await records("contacts", "companies");
    const types = [spec(987654, USER)];
    const refused = await refusal(basicApi.create("contacts", contact, "companies", company, types));
    assert.equal(refused.code, 400);
    assert.equal(refused.body.category, "VALIDATION_ERROR");
    assert.equal(refused.body.message, "One or more associations are invalid");
    assert.deepEqual(refused.body.context.INVALID_ASSOCIATION_TYPE_ID, [
      "USER_DEFINED=987654 is not a valid association definition id",
    ]);
  },

  async "a link to a record that does not exist is refused"() {
    const [contact] = await records("contacts");
    const refused = await refusal(basicApi.createDefault("contacts", contact, "companies", ABSENT_ID));
    assert.equal(refused.code, 400);
    assert.deepEqual(refused.body.context.INVALID_OBJECT_IDS, [`COMPANY=${ABSENT_ID} is not valid`]);
  },

  async "an unknown object type is refused"() {
    const refused = await refusal(basicApi.getPage("butterflies", "1", "companies"));
    assert.equal(refused.code, 400);
    assert.equal(refused.body.message, "Unable to infer object type from: butterflies");
    assert.equal(refused.body.category, isObserved ? undefined : "VALIDATION_ERROR");
  },

  async "without a token the client is unauthorised"() {
    const { basePath } = client.config;
    const anonymous = new Client({ basePath });
    const refused = await refusal(anonymous.crm.associations.v4.basicApi.getPage("contacts", "1", "deals"));
    assert.deepEqual([refused.code, refused.body.category], [401, "INVALID_AUTHENTICATION"]);
  },
});
