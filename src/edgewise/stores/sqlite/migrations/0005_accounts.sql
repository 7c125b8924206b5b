-- What is known of a portal. Portals that were used before are there under their id, made when their first token was,
-- or now. closed_at: NULL while it is open;
-- the row stays, so that no later portal gets the id.
CREATE TABLE account (
    portal_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    tier TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    api_add_ons INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;

INSERT INTO account
SELECT
    used.portal_id, 'Portal ' || used.portal_id, 'portal-' || used.portal_id || '.example', 'UTC', 'enterprise',
    ifnull((SELECT min(created_at) FROM token WHERE token.portal_id = used.portal_id), unixepoch() * 1000),
    0, NULL
FROM (SELECT id AS portal_id FROM portal UNION SELECT portal_id FROM token) AS used;

-- scopes: a JSON list, NULL for every scope. limit_amount, limit_seconds: NULL for what the tier allows.
-- app_id: 0 for the token of a private app. code_digest: the authorization code that led to it.
-- Ids are never given twice: the audit log names tokens by them.
CREATE TABLE access_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    portal_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    scopes TEXT,
    is_read_only INTEGER NOT NULL,
    expires_at INTEGER,
    limit_amount INTEGER,
    limit_seconds INTEGER,
    app_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    code_digest BLOB,
    revoked_at INTEGER,
    last_used_at INTEGER
) STRICT;

INSERT INTO access_token (digest, portal_id, name, created_at, is_read_only, app_id, user_id)
SELECT digest, portal_id, name, created_at, 0, 0, 0 FROM token ORDER BY created_at, digest;

DROP TABLE token;

CREATE INDEX access_token_of_portal ON access_token (portal_id, id);
CREATE INDEX access_token_of_code ON access_token (code_digest) WHERE code_digest IS NOT NULL;
CREATE INDEX access_token_of_app_expiry ON access_token (expires_at) WHERE app_id > 0;

-- The lists are JSON.
CREATE TABLE app (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT NOT NULL UNIQUE,
    secret_digest BLOB NOT NULL,
    name TEXT NOT NULL,
    portal_id INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    optional_scopes TEXT NOT NULL,
    is_public INTEGER NOT NULL
) STRICT;

CREATE TABLE authorization_code (
    digest BLOB PRIMARY KEY,
    app_id INTEGER NOT NULL,
    portal_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE refresh_token (
    digest BLOB PRIMARY KEY,
    app_id INTEGER NOT NULL,
    portal_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    code_digest BLOB,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_of_code ON refresh_token (code_digest) WHERE code_digest IS NOT NULL;

-- Each portal counts its own jobs, so that an id tells nothing of other portals.
CREATE TABLE portal_job (
    portal_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    finished_at INTEGER,
    mailed_to TEXT,
    error TEXT,
    content TEXT,
    PRIMARY KEY (portal_id, id)
) STRICT;

INSERT INTO portal_job
SELECT portal_id, id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error, content
FROM job;

DROP TABLE job;
ALTER TABLE portal_job RENAME TO job;
CREATE INDEX job_due ON job (due_at, created_at) WHERE state IN ('waiting', 'running');
