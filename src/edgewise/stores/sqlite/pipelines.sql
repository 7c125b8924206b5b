-- Pipelines that portals defined. See queries.sql for how such a file is read.

-- name: read_pipelines
-- All of a portal: there are few.
SELECT object_type, definition FROM portal_pipeline WHERE portal_id = ?1 ORDER BY object_type, pipeline_id;

-- name: put_pipeline
-- A pipeline is made or changed alike.
INSERT INTO portal_pipeline (portal_id, object_type, pipeline_id, definition) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (portal_id, object_type, pipeline_id) DO UPDATE SET definition = excluded.definition;

-- name: remove_pipeline
-- Nothing for one that is not there.
DELETE FROM portal_pipeline WHERE portal_id = ?1 AND object_type = ?2 AND pipeline_id = ?3;

-- name: remove_pipelines
-- Of an object type that is purged.
DELETE FROM portal_pipeline WHERE portal_id = ?1 AND object_type = ?2;

-- name: next_pipeline_number
-- No row for a portal that has nothing yet.
SELECT next_pipeline_number FROM portal WHERE id = ?1;

-- name: set_next_pipeline_number
-- Makes the portal's row when it has none; its record ids then begin where all do.
INSERT INTO portal (id, next_record_id, next_pipeline_number) VALUES (?1, 30000000001, ?2)
ON CONFLICT (id) DO UPDATE SET next_pipeline_number = max(next_pipeline_number, excluded.next_pipeline_number);

-- name: records_in_stage
-- Live records with a value to the letter, told by its key among those that equal it in other respects.
SELECT v.record_id FROM record_value AS v
WHERE v.portal_id = ?1 AND v.object_type = ?2 AND v.name = ?3 AND v.folded = ?4
  AND EXISTS (SELECT 1 FROM record AS r WHERE r.portal_id = ?1 AND r.object_type = ?2
              AND r.record_id = v.record_id AND r.archived_at IS NULL AND r.properties ->> ?3 = ?5)
ORDER BY v.record_id LIMIT ?6;
