// The whole life of an app's tokens: exchanged, used, described, refreshed, expired, ended.

import assert from "node:assert/strict";
import { Client, run, send } from "./client.mjs";

const [url, , given] = process.argv.slice(2);
const { app, code, expired } = JSON.parse(given);
const client = new Client({ basePath: url });
const { accessTokensApi, refreshTokensApi, tokensApi } = client.oauth;
const secrets = [app.client_id, app.client_secret];

let tokens;

function withToken(accessToken) {
  return new Client({ accessToken, basePath: url });
}

async function form(path, fields) {
  const body = new URLSearchParams(fields).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await client.apiRequest({ method: "POST", path, body, headers, defaultJson: false });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

await run({
  async "the address of the page names what the server asks for"() {
    const scopes = app.scopes.join(" ");
    const address = new URL(client.oauth.getAuthorizationUrl(app.client_id, app.redirect_uri, scopes, undefined, "s"));
    const page = await fetch(`${url}${address.pathname}${address.search}`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /Ledger Sync/);
  },

  async "a code is exchanged"() {
    tokens = await tokensApi.create("authorization_code", code, app.redirect_uri, ...secrets);
    assert.equal(tokens.tokenType, "bearer");
    assert.equal(tokens.expiresIn, 1800);
    assert.match(tokens.refreshToken, /^na1-/);
  },

  async "an access token opens the portal, as far as its scopes go"() {
    const api = withToken(tokens.accessToken).crm;
    const made = await api.contacts.basicApi.create({ properties: {}, associations: [] });
    assert.ok(made.id);
    const failure = await api.deals.basicApi.getPage().catch((error) => error);
    assert.equal(failure.code, 403);
    assert.equal(failure.body.category, "MISSING_SCOPES");
  },

  async "tokens are described"() {
    const access = await accessTokensApi.get(tokens.accessToken);
    assert.deepEqual([access.hubId, access.tokenType, access.token], [1000001, "access", tokens.accessToken]);
    assert.deepEqual(access.scopes, app.scopes);
    assert.ok(access.appId > 0 && access.userId > 0 && access.expiresIn > 1700);
    const refresh = await refreshTokensApi.get(tokens.refreshToken);
    assert.deepEqual([refresh.hubId, refresh.clientId, refresh.tokenType], [1000001, app.client_id, "refresh"]);
    assert.deepEqual([refresh.userId, refresh.hubDomain], [access.userId, access.hubDomain]);
  },

  async "a refresh brings another access token and the same refresh token"() {
    const again = await tokensApi.create("refresh_token", undefined, undefined, ...secrets, tokens.refreshToken);
    assert.equal(again.refreshToken, tokens.refreshToken);
    assert.notEqual(again.accessToken, tokens.accessToken);
    tokens = again;
    await withToken(tokens.accessToken).crm.contacts.basicApi.getPage();
  },

  async "an expired token is told so"() {
    const failure = await withToken(expired).crm.contacts.basicApi.getPage().catch((error) => error);
    assert.equal(failure.code, 401);
    assert.equal(failure.body.category, "EXPIRED_AUTHENTICATION");
    assert.match(failure.body.message, /expired 7\d second\(s\) ago/);
  },

  async "refusals come as exceptions with a body"() {
    const wrong = await tokensApi.create("authorization_code", "x", app.redirect_uri, ...secrets).catch((error) => error);
    assert.deepEqual([wrong.code, wrong.body.status, wrong.body.error], [400, "BAD_AUTH_CODE", "invalid_grant"]);
    const unknown = await accessTokensApi.get("x").catch((error) => error);
    assert.deepEqual([unknown.code, unknown.body.status], [400, "BAD_ACCESS_TOKEN"]);
  },

  async "a later version introspects and revokes"() {
    const asked = { client_id: app.client_id, client_secret: app.client_secret, token: tokens.accessToken };
    const live = await form("/oauth/2026-03/token/introspect", asked);
    assert.deepEqual([live.body.active, live.body.token_use], [true, "access_token"]);
    assert.equal((await form("/oauth/2026-03/token/revoke", asked)).status, 200);
    assert.deepEqual((await form("/oauth/2026-03/token/introspect", asked)).body, { active: false });
    const failure = await withToken(tokens.accessToken).crm.contacts.basicApi.getPage().catch((error) => error);
    assert.deepEqual([failure.code, failure.body.category], [401, "INVALID_AUTHENTICATION"]);
  },

  async "a deleted refresh token refreshes nothing"() {
    await refreshTokensApi.archive(tokens.refreshToken);
    const failure = await tokensApi
      .create("refresh_token", undefined, undefined, ...secrets, tokens.refreshToken)
      .catch((error) => error);
    assert.deepEqual([failure.code, failure.body.status], [400, "BAD_REFRESH_TOKEN"]);
  },

  async "a private app asks what its token is"() {
    const path = "/oauth/v2/private-apps/get/access-token-info";
    const response = await client.apiRequest({ method: "POST", path, body: { tokenKey: app.private_token } });
    const told = JSON.parse(await response.text());
    assert.deepEqual([told.hubId, told.scopes], [1000001, ["crm.objects.contacts.read", "tickets"]]);
  },
});
