-- The values of live records, to be found by. folded: what equal values have in common, see `key_of` in
-- domain/values.py; it is cut after 100 characters, and whoever finds a cut one compares the value itself.
CREATE TABLE record_value (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (portal_id, object_type, name, folded, record_id)
) STRICT, WITHOUT ROWID;

-- key_of is the program's: a migration may call it.
INSERT INTO record_value
SELECT r.portal_id, r.object_type, p.key, key_of(p.value), r.record_id
FROM record AS r, json_each(r.properties) AS p
WHERE r.archived_at IS NULL;

-- What properties were before they changed. version: counts the values of one property from 0, which is what it had when
-- the record was created; a property that never changed has no row. at: when it got the value, in milliseconds since the
-- epoch. value: NULL after it was cleared.
CREATE TABLE property_version (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value TEXT,
    PRIMARY KEY (portal_id, object_type, record_id, name, version)
) STRICT, WITHOUT ROWID;
