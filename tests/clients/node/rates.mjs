// A limit of two calls a second: told to a client that does not wait, and got through by one that retries.

import assert from "node:assert/strict";
import { Client, run } from "./client.mjs";

const [basePath, , accessToken] = process.argv.slice(2);

async function calls(numberOfApiCallRetries) {
  const client = new Client({ accessToken, basePath, numberOfApiCallRetries });
  for (let call = 0; call < 5; call += 1) {
    const page = await client.crm.contacts.basicApi.getPage(1);
    assert.deepEqual(page.results, []);
  }
}

await run({
  async "without retries the limit is told"() {
    await assert.rejects(calls(0), (error) => error.code === 429 && error.body.policyName === "SECONDLY");
  },

  async "with retries every call is answered"() {
    await calls(3);
  },
});
