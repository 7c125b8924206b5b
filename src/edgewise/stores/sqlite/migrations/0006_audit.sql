-- Who changed what. It is only added to, and outlives the portals it tells of. No index: an entry must cost little where
-- every change makes one, and whoever reads it reads much of it.
-- at: milliseconds since the epoch. token_id, app_id, user_id: 0 where there is none. details: a JSON object.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    portal_id INTEGER NOT NULL,
    token_id INTEGER NOT NULL,
    app_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit log is only added to');
END;
