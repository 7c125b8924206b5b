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

-- name: count_by_value
-- How many live records have one of a JSON list of folded values: counts no further than a limit.
SELECT count(*) FROM (
    SELECT 1 FROM json_each(?4) AS wanted CROSS JOIN record_value AS v
    WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = wanted.value LIMIT ?5
);

-- name: records_by_value
-- Those that `count_by_value` counts.
SELECT v.record_id FROM json_each(?4) AS wanted CROSS JOIN record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = wanted.value;

-- name: those_by_value
-- As `records_by_value`, of a list of records.
SELECT wanted.value FROM carray(?5) AS wanted
WHERE EXISTS (SELECT 1 FROM json_each(?4) AS text CROSS JOIN record_value AS v
              WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = text.value
                AND v.record_id = wanted.value);

-- name: count_linked_to
-- How many links lead from a list of records to an object type: counts no further than a limit.
SELECT count(*) FROM (
    SELECT 1 FROM carray(?3) AS wanted CROSS JOIN edge AS e
    WHERE e.portal_id = ?1 AND e.from_type = ?2 AND e.from_id = wanted.value AND e.to_type = ?4 LIMIT ?5
);

-- name: those_linked_to
-- As `records_linked_to`, of a list of records.
SELECT wanted.value FROM carray(?5) AS wanted
WHERE EXISTS (SELECT 1 FROM carray(?3) AS target CROSS JOIN edge AS e
              WHERE e.portal_id = ?1 AND e.from_type = ?4 AND e.from_id = wanted.value
                AND e.to_type = ?2 AND e.to_id = target.value AND e.type_key >= 0);

-- name: living_records
-- Those of a list that live.
SELECT wanted.value FROM carray(?3) AS wanted
WHERE EXISTS (SELECT 1 FROM record AS r INDEXED BY record_live WHERE r.portal_id = ?1 AND r.object_type = ?2
              AND r.record_id = wanted.value AND r.archived_at IS NULL);

-- name: count_living
-- Reads the index of the living records of a type, and no record.
SELECT count(*) FROM record AS r INDEXED BY record_live
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL;

-- name: skip_live_records
-- A page by number of the living ones' own index.
SELECT record_id, properties, created_at, updated_at, archived_at FROM record INDEXED BY record_live
WHERE portal_id = ?1 AND object_type = ?2 AND archived_at IS NULL
ORDER BY record_id LIMIT ?4 OFFSET ?3;

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

-- name: read_versions
-- Of a list of records, and of a JSON list of properties, the latest first.
SELECT v.record_id, v.name, v.at, v.value FROM carray(?3) AS wanted CROSS JOIN property_version AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.record_id = wanted.value
  AND v.name IN (SELECT value FROM json_each(?4))
ORDER BY v.record_id, v.name, v.version DESC;

-- name: remove_versions
-- All of a record.
DELETE FROM property_version WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3;
