-- Portals define object types while a server runs. next_object_number: what the next one has after `2-`.
ALTER TABLE portal ADD COLUMN next_object_number INTEGER NOT NULL DEFAULT 1;

INSERT OR IGNORE INTO portal (id, next_record_id)
SELECT DISTINCT portal_id, 30000000001 FROM portal_object_type;

UPDATE portal SET next_object_number = 1 + coalesce(
    (SELECT max(t.code & 0xFFFFFFFF) FROM portal_object_type AS t
     WHERE t.portal_id = portal.id AND t.code >> 32 = 2), 0
);

-- What is said of an object type beside portal_object_type, which has no row for an archived one.
-- definition: a JSON object; nobody searches in it.
CREATE TABLE portal_schema (
    portal_id INTEGER NOT NULL,
    code INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (portal_id, code)
) STRICT, WITHOUT ROWID;
