-- The statements about the values of records: how records are found by them, and what they were before.

-- name: add_value
-- A live record has a property; one value of it at a time.
INSERT OR IGNORE INTO record_value (portal_id, object_type, name, folded, record_id) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: remove_value
-- Nothing for a value that is not there.
DELETE FROM record_value
WHERE portal_id = ?1 AND object_type = ?2 AND name = ?3 AND folded = ?4 AND record_id = ?5;

-- name: holders
-- The live records with a folded value, and the value itself: whoever asks compares it.
SELECT r.record_id, p.value FROM record_value AS v CROSS JOIN record AS r CROSS JOIN json_each(r.properties) AS p
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = ?4
  AND r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = v.record_id AND p.key = ?3;

-- name: count_living
-- Kept by triggers, so that nothing is counted; no row for a type that never had records.
SELECT living FROM record_count WHERE portal_id = ?1 AND object_type = ?2;

-- what searches are made of: parameters have no numbers, so that several can stand in one statement ---------------

-- name: ids_by_keys
-- Live records with keys of a JSON list of [name, first key, key behind the last]; one comes as often as it has some.
SELECT v.record_id FROM json_each(?) AS s CROSS JOIN record_value AS v
WHERE v.portal_id = ? AND v.object_type = ? AND v.name = s.value ->> 0
  AND v.folded >= s.value ->> 1 AND v.folded < s.value ->> 2

-- name: ids_by_number
-- Live records with an id or a moment in a JSON list of [first, behind the last].
SELECT r.record_id FROM json_each(?) AS s CROSS JOIN record AS r INDEXED BY {index}
WHERE r.portal_id = ? AND r.object_type = ? AND r.archived_at IS NULL
  AND r.{column} >= s.value ->> 0 AND r.{column} < s.value ->> 1

-- name: ids_linked_to
-- Records of a type that are linked to one of a JSON list, found from these; one may come more than once. Links of a JSON
-- list of type keys do not count: they are read from the other end only.
SELECT e.to_id AS record_id FROM json_each(?) AS wanted CROSS JOIN edge AS e
WHERE e.portal_id = ? AND e.from_type = ? AND e.from_id = wanted.value AND e.to_type = ?
  AND e.type_key NOT IN (SELECT value FROM json_each(?))

-- name: ids_listed
-- Those of a JSON list.
SELECT wanted.value AS record_id FROM json_each(?) AS wanted

-- name: is_linked_to
-- Whether one record of a type is linked to one of a JSON list of others, as it reads its links.
SELECT EXISTS (
    SELECT 1 FROM json_each(?1) AS target CROSS JOIN edge AS e
    WHERE e.portal_id = ?2 AND e.from_type = ?3 AND e.from_id = ?4
      AND e.to_type = ?5 AND e.to_id = target.value AND e.type_key >= 0
);

-- name: first_key
-- The least key of a property in a range.
SELECT v.folded FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded >= ?4 AND v.folded < ?5
ORDER BY v.folded LIMIT 1;

-- name: last_key
-- The greatest key of a property in a range.
SELECT v.folded FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded >= ?4 AND v.folded < ?5
ORDER BY v.folded DESC LIMIT 1;

-- name: each_id
-- A part of a union of what leads to ids.
SELECT record_id FROM ({ids})

-- name: ids_with
-- Those that pass tests, which name further statements.
SELECT record_id FROM ({ids}) WHERE {tests}

-- name: count_ids
-- Each as often as it comes.
SELECT count(*) FROM ({ids})

-- name: count_different_ids
-- Keeps all of them meanwhile.
SELECT count(*) FROM (SELECT DISTINCT record_id FROM ({ids}))

-- name: count_first_ids
-- No further than a limit.
SELECT count(*) FROM (SELECT record_id FROM ({ids}) LIMIT ?)

-- name: first_ids
-- As they come, no more than a limit.
SELECT record_id FROM ({ids}) LIMIT ?

-- name: first_different_ids
-- No more than a limit.
SELECT DISTINCT record_id FROM ({ids}) LIMIT ?

-- name: ids_in_order
-- A page of the different ones, in ascending order.
SELECT DISTINCT record_id FROM ({ids}) ORDER BY record_id LIMIT ? OFFSET ?

-- in which order they come: rows of the value, or its key, and the id ----------------------------------------------

-- name: rising_keys
-- From the least key of a property on.
SELECT v.folded, v.record_id FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded >= ?4 AND v.folded < ?5
ORDER BY v.folded, v.record_id;

-- name: falling_keys
-- From before a key of a property down, as many as asked for; ids fall too.
SELECT v.folded, v.record_id FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded >= ?4 AND v.folded < ?5
ORDER BY v.folded DESC, v.record_id DESC LIMIT ?6;

-- name: same_key
-- Those with one key of a property.
SELECT v.folded, v.record_id FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = ?4
ORDER BY v.record_id;

-- name: without_keys
-- The live records that have no key of a property in a range.
SELECT NULL, r.record_id FROM record AS r INDEXED BY record_live
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL AND r.record_id NOT IN (
    SELECT v.record_id FROM record_value AS v
    WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded >= ?4 AND v.folded < ?5
)
ORDER BY r.record_id;

-- name: rising_numbers
-- From the least id or moment on.
SELECT r.{column}, r.record_id FROM record AS r INDEXED BY {index}
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL
ORDER BY r.{column}, r.record_id;

-- name: falling_numbers
-- From before an id or a moment down, as many as asked for; ids fall too.
SELECT r.{column}, r.record_id FROM record AS r INDEXED BY {index}
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL AND r.{column} < ?3
ORDER BY r.{column} DESC, r.record_id DESC LIMIT ?4;

-- name: same_number
-- Those with one id or moment.
SELECT r.{column}, r.record_id FROM record AS r INDEXED BY {index}
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL AND r.{column} = ?3
ORDER BY r.record_id;

-- versions of values ---------------------------------------------------------------------------------------------

-- name: add_first_version
-- What a property had before it changed for the first time: nothing for one that has versions.
INSERT INTO property_version (portal_id, object_type, record_id, name, version, at, value)
SELECT ?1, ?2, ?3, ?4, 0, ?5, ?6 WHERE NOT EXISTS (
    SELECT 1 FROM property_version AS v
    WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.record_id = ?3 AND v.name = ?4
);

-- name: add_version
-- The number behind the last one.
INSERT INTO property_version (portal_id, object_type, record_id, name, version, at, value)
SELECT ?1, ?2, ?3, ?4, 1 + ifnull(max(v.version), 0), ?5, ?6 FROM property_version AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.record_id = ?3 AND v.name = ?4;

-- name: sizes_of_records
-- Of live ones; the driver counts bytes without reading what is in them.
SELECT r.record_id, octet_length(r.properties) FROM carray(?3) AS wanted CROSS JOIN record AS r
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = wanted.value AND r.archived_at IS NULL;

-- name: read_versions
-- Of a list of records, and of a JSON list of properties, the latest first.
SELECT v.record_id, v.name, v.at, v.value FROM carray(?3) AS wanted CROSS JOIN property_version AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.record_id = wanted.value
  AND v.name IN (SELECT value FROM json_each(?4))
ORDER BY v.record_id, v.name, v.version DESC;

-- name: remove_versions
-- All of a record.
DELETE FROM property_version WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3;
