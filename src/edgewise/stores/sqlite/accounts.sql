-- Who may call: portals, tokens, apps. See queries.sql for how such a file is read.

-- name: add_account
-- Fails where the id is or was in use.
INSERT INTO account (portal_id, name, domain, time_zone, tier, created_at, api_add_ons)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: find_account
-- Asked when a token is first seen, and every few seconds.
SELECT portal_id, name, domain, time_zone, tier, created_at, api_add_ons
FROM account WHERE portal_id = ?1 AND closed_at IS NULL;

-- name: list_accounts
-- For the operator of the server.
SELECT portal_id, name, domain, time_zone, tier, created_at, api_add_ons
FROM account WHERE closed_at IS NULL ORDER BY portal_id;

-- name: first_free_portal_id
-- What follows the end of a run of ids, those of closed portals among them.
SELECT min(free.id)
FROM (SELECT ?1 AS id UNION ALL SELECT portal_id + 1 FROM account WHERE portal_id >= ?1) AS free
WHERE NOT EXISTS (SELECT 1 FROM account WHERE portal_id = free.id);

-- name: close_account
-- The name goes, the id stays.
UPDATE account SET closed_at = ?2, name = '', domain = '' WHERE portal_id = ?1 AND closed_at IS NULL
RETURNING portal_id;

-- name: is_closed
-- Only what is closed is swept.
SELECT 1 FROM account WHERE portal_id = ?1 AND closed_at IS NOT NULL;

-- name: remove_tokens_of_portal
-- Those that open it, and those of its apps.
DELETE FROM access_token WHERE portal_id = ?1 OR app_id IN (SELECT id FROM app WHERE portal_id = ?1);

-- name: remove_codes_of_portal
-- Those that open it, and those of its apps.
DELETE FROM authorization_code WHERE portal_id = ?1 OR app_id IN (SELECT id FROM app WHERE portal_id = ?1);

-- name: remove_refresh_tokens_of_portal
-- Those that open it, and those of its apps.
DELETE FROM refresh_token WHERE portal_id = ?1 OR app_id IN (SELECT id FROM app WHERE portal_id = ?1);

-- name: remove_apps_of_portal
-- After what was given to them.
DELETE FROM app WHERE portal_id = ?1;

-- name: add_token
-- Only the digest is kept, so a stolen file opens nothing. No row where the portal is not there.
INSERT INTO access_token
    (digest, portal_id, name, created_at, scopes, is_read_only, expires_at, limit_amount, limit_seconds,
     app_id, user_id, code_digest)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
WHERE EXISTS (SELECT 1 FROM account WHERE portal_id = ?2 AND closed_at IS NULL)
RETURNING id;

-- name: find_token
-- Asked when a token is first seen, and every few seconds.
SELECT digest, portal_id, name, created_at, scopes, is_read_only, expires_at, limit_amount, limit_seconds,
       app_id, user_id, code_digest, revoked_at, last_used_at, id
FROM access_token WHERE digest = ?1;

-- name: list_tokens
-- In the order they were made.
SELECT digest, portal_id, name, created_at, scopes, is_read_only, expires_at, limit_amount, limit_seconds,
       app_id, user_id, code_digest, revoked_at, last_used_at, id
FROM access_token WHERE portal_id = ?1 ORDER BY id;

-- name: list_all_tokens
-- For the operator of the server.
SELECT digest, portal_id, name, created_at, scopes, is_read_only, expires_at, limit_amount, limit_seconds,
       app_id, user_id, code_digest, revoked_at, last_used_at, id
FROM access_token ORDER BY id;

-- name: count_tokens
-- A server without tokens cannot be used, and says so.
SELECT count(*) FROM access_token;

-- name: revoke_token
-- The row stays: the audit log and the list name it.
UPDATE access_token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL
RETURNING portal_id, id, name;

-- name: note_token_use
-- Processes tell in any order.
UPDATE access_token SET last_used_at = max(?2, ifnull(last_used_at, 0)) WHERE id = ?1;

-- name: add_app
-- No row where the portal is not there.
INSERT INTO app
    (client_id, secret_digest, name, portal_id, scopes, redirect_uris, created_at, optional_scopes, is_public)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
WHERE EXISTS (SELECT 1 FROM account WHERE portal_id = ?4 AND closed_at IS NULL)
RETURNING id;

-- name: find_app
-- Asked by every call for tokens.
SELECT client_id, secret_digest, name, portal_id, scopes, redirect_uris, created_at, optional_scopes, is_public, id
FROM app WHERE client_id = ?1;

-- name: read_app
-- Asked when a token of an app is first seen, and every few seconds.
SELECT client_id, secret_digest, name, portal_id, scopes, redirect_uris, created_at, optional_scopes, is_public, id
FROM app WHERE id = ?1;

-- name: list_apps
-- For the operator of the server.
SELECT client_id, secret_digest, name, portal_id, scopes, redirect_uris, created_at, optional_scopes, is_public, id
FROM app ORDER BY id;

-- name: change_app_secret
-- Again only the digest.
UPDATE app SET secret_digest = ?2 WHERE client_id = ?1 RETURNING portal_id, id, name;

-- name: add_code
-- Only its digest is kept. No row where the portal is not there.
INSERT INTO authorization_code (digest, app_id, portal_id, user_id, scopes, redirect_uri, challenge, expires_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
WHERE EXISTS (SELECT 1 FROM account WHERE portal_id = ?3 AND closed_at IS NULL)
RETURNING 1;

-- name: read_code
-- Also one that was used or expired.
SELECT digest, app_id, portal_id, user_id, scopes, redirect_uri, challenge, expires_at, used_at
FROM authorization_code WHERE digest = ?1;

-- name: use_code
-- In the transaction that keeps what it comes to.
UPDATE authorization_code SET used_at = ?2 WHERE digest = ?1;

-- name: revoke_tokens_of_code
-- Someone used the code again, so the first use may have been a thief's.
UPDATE access_token SET revoked_at = ?2 WHERE code_digest = ?1 AND revoked_at IS NULL;

-- name: revoke_refresh_tokens_of_code
-- As for its access tokens.
UPDATE refresh_token SET revoked_at = ?2 WHERE code_digest = ?1 AND revoked_at IS NULL;

-- name: add_refresh_token
-- Only its digest is kept.
INSERT INTO refresh_token (digest, app_id, portal_id, user_id, scopes, created_at, code_digest)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: find_refresh_token
-- Also a revoked one.
SELECT digest, app_id, portal_id, user_id, scopes, created_at, code_digest, revoked_at
FROM refresh_token WHERE digest = ?1;

-- name: revoke_refresh_token
-- Access tokens that it gave live on until they expire.
UPDATE refresh_token SET revoked_at = ?2 WHERE digest = ?1 AND revoked_at IS NULL
RETURNING digest, app_id, portal_id, user_id, scopes, created_at, code_digest, revoked_at;

-- name: remove_expired_codes
-- Used ones too: nobody can exchange them any more.
DELETE FROM authorization_code WHERE expires_at < ?1 RETURNING 1;

-- name: remove_expired_tokens
-- Those of private apps stay, and are listed as expired.
DELETE FROM access_token WHERE app_id > 0 AND expires_at < ?1 RETURNING 1;

-- sweeping a closed portal: each removes at most ?2 rows of it ----------------------------------------------------

-- name: sweep_edge
-- Of a closed portal.
DELETE FROM edge
WHERE (portal_id, from_type, from_id, to_type, to_id, type_key) IN (
    SELECT portal_id, from_type, from_id, to_type, to_id, type_key FROM edge WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_record_value
-- Of a closed portal.
DELETE FROM record_value
WHERE (portal_id, object_type, name, folded, record_id) IN (
    SELECT portal_id, object_type, name, folded, record_id FROM record_value WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_property_version
-- Of a closed portal.
DELETE FROM property_version
WHERE (portal_id, object_type, record_id, name, version) IN (
    SELECT portal_id, object_type, record_id, name, version FROM property_version WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_record
-- Of a closed portal.
DELETE FROM record WHERE rowid IN (SELECT rowid FROM record WHERE portal_id = ?1 LIMIT ?2) RETURNING 1;

-- name: sweep_record_count
-- Of a closed portal.
DELETE FROM record_count
WHERE (portal_id, object_type) IN (
    SELECT portal_id, object_type FROM record_count WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_merged_record
-- Of a closed portal.
DELETE FROM merged_record
WHERE (portal_id, object_type, record_id) IN (
    SELECT portal_id, object_type, record_id FROM merged_record WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_purged_record
-- Of a closed portal.
DELETE FROM purged_record
WHERE (portal_id, record_id) IN (
    SELECT portal_id, record_id FROM purged_record WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_job
-- Of a closed portal.
DELETE FROM job
WHERE (portal_id, id) IN (
    SELECT portal_id, id FROM job WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_limit
-- Of a closed portal.
DELETE FROM portal_limit
WHERE (portal_id, type_key) IN (
    SELECT portal_id, type_key FROM portal_limit WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_association_type
-- Of a closed portal.
DELETE FROM portal_association_type
WHERE (portal_id, type_key) IN (
    SELECT portal_id, type_key FROM portal_association_type WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_object_type
-- Of a closed portal.
DELETE FROM portal_object_type
WHERE (portal_id, code) IN (
    SELECT portal_id, code FROM portal_object_type WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_schema
-- Of a closed portal.
DELETE FROM portal_schema
WHERE (portal_id, code) IN (
    SELECT portal_id, code FROM portal_schema WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_pipeline
-- Of a closed portal.
DELETE FROM portal_pipeline
WHERE (portal_id, object_type, pipeline_id) IN (
    SELECT portal_id, object_type, pipeline_id FROM portal_pipeline WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_property
-- Of a closed portal.
DELETE FROM portal_property
WHERE (portal_id, object_type, name) IN (
    SELECT portal_id, object_type, name FROM portal_property WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal_property_group
-- Of a closed portal.
DELETE FROM portal_property_group
WHERE (portal_id, object_type, name) IN (
    SELECT portal_id, object_type, name FROM portal_property_group WHERE portal_id = ?1 LIMIT ?2
)
RETURNING 1;

-- name: sweep_portal
-- Of a closed portal, at last; a limit for the one row is needed by none.
DELETE FROM portal WHERE id = ?1 AND ?2 > 0 RETURNING 1;
