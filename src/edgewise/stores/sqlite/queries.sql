-- Every statement of the SQLite store. A list of integers is one parameter, carray(?), so that a text is constant
-- whatever the length. What is joined to it says CROSS JOIN: the list must be the outer loop, else the planner may
-- read a whole table for it.

-- connections ------------------------------------------------------------------------------------------------

-- name: as_writer
-- Commits never copy the log into the database: that made a batch 2.4 to 3 times slower; checkpoints do it elsewhere.
PRAGMA journal_mode = WAL;
PRAGMA wal_autocheckpoint = 0;
PRAGMA journal_size_limit = 67108864;
PRAGMA foreign_keys = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -262144;

-- name: as_checkpointer
-- It copies pages without keeping them.
PRAGMA wal_autocheckpoint = 0;
PRAGMA cache_size = -64;

-- name: as_reader
-- A reader cannot change anything, whatever statement it is given by mistake.
PRAGMA query_only = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -65536;

-- name: with_full_durability
-- A commit returns when it is on the disk: it outlives a loss of power.
PRAGMA synchronous = FULL;

-- name: with_normal_durability
-- A commit outlives the process, but the last ones not a loss of power; the database stays consistent.
PRAGMA synchronous = NORMAL;

-- name: begin
-- The write lock is taken first, so that a transaction never finds out halfway that it cannot write.
BEGIN IMMEDIATE;

-- name: commit
-- What ran since `begin` is kept.
COMMIT;

-- name: rollback
-- What ran since `begin` never happened.
ROLLBACK;

-- name: write_nothing_new
-- Writes the first page again, as it is: nobody uses this number, and SQLite does not look whether it is another one.
PRAGMA user_version = 0;

-- migrations -------------------------------------------------------------------------------------------------

-- name: create_ledger
-- Made with the first migration; the ledger itself is none.
CREATE TABLE IF NOT EXISTS schema_migration (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;

-- name: read_tables
-- What is in a file that may be of another program.
SELECT name FROM sqlite_master;

-- name: quick_check
-- Reads the whole file; one row that says ok, or what is wrong.
PRAGMA quick_check(5);

-- name: read_ledger
-- The order is the order of application.
SELECT version, name, checksum FROM schema_migration ORDER BY version;

-- name: add_to_ledger
-- In the transaction of the migration itself.
INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4);

-- what portals defined ------------------------------------------------------------------------------------------

-- name: read_object_types
-- In the order of the catalog.
SELECT code, id, name, plural, aliases, default_properties, last_modified_property
FROM portal_object_type WHERE portal_id = ?1 ORDER BY code;

-- name: add_object_type
-- Fails where the type exists.
INSERT INTO portal_object_type
    (portal_id, code, id, name, plural, aliases, default_properties, last_modified_property)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: put_object_type
-- A type is made or changed alike.
INSERT INTO portal_object_type
    (portal_id, code, id, name, plural, aliases, default_properties, last_modified_property)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (portal_id, code) DO UPDATE SET
    name = excluded.name, plural = excluded.plural, aliases = excluded.aliases,
    default_properties = excluded.default_properties, last_modified_property = excluded.last_modified_property;

-- name: remove_object_type
-- Its association types and its records go in statements of their own.
DELETE FROM portal_object_type WHERE portal_id = ?1 AND code = ?2;

-- name: read_schemas
-- In the order of their object types.
SELECT definition FROM portal_schema WHERE portal_id = ?1 ORDER BY code;

-- name: put_schema
-- A schema is made or changed alike.
INSERT INTO portal_schema (portal_id, code, definition) VALUES (?1, ?2, ?3)
ON CONFLICT (portal_id, code) DO UPDATE SET definition = excluded.definition;

-- name: remove_schema
-- Of an object type that is purged.
DELETE FROM portal_schema WHERE portal_id = ?1 AND code = ?2;

-- name: has_live_record
-- Whether an object type is in use.
SELECT EXISTS (SELECT 1 FROM record AS r INDEXED BY record_live
               WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NULL);

-- name: archived_record_ids
-- All of an object type that is purged.
SELECT r.record_id FROM record AS r INDEXED BY record_archived
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NOT NULL;

-- name: read_association_types
-- In the order of the catalog.
SELECT type_key, category, type_id, source_type, target_type, mirror_key, label, name,
       is_default, is_legacy, is_primary, holder
FROM portal_association_type WHERE portal_id = ?1 ORDER BY type_key;

-- name: add_association_type
-- Fails where the type exists.
INSERT INTO portal_association_type
    (portal_id, type_key, category, type_id, source_type, target_type, mirror_key, label, name,
     is_default, is_legacy, is_primary, holder)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);

-- name: change_association_type
-- What may change of a type: its texts.
UPDATE portal_association_type SET label = ?3, name = ?4 WHERE portal_id = ?1 AND type_key = ?2;

-- name: remove_association_type
-- Its links and its limit go in statements of their own.
DELETE FROM portal_association_type WHERE portal_id = ?1 AND type_key = ?2;

-- name: read_limits
-- All of a portal: there are few.
SELECT type_key, targets_max FROM portal_limit WHERE portal_id = ?1 ORDER BY type_key;

-- name: set_limit
-- A limit is made or changed alike.
INSERT INTO portal_limit (portal_id, type_key, targets_max) VALUES (?1, ?2, ?3)
ON CONFLICT (portal_id, type_key) DO UPDATE SET targets_max = excluded.targets_max;

-- name: remove_limit
-- Nothing for a type without one.
DELETE FROM portal_limit WHERE portal_id = ?1 AND type_key = ?2;

-- name: read_type_counters
-- No row for a portal that has neither records nor types.
SELECT next_type_id, types_version, next_object_number FROM portal WHERE id = ?1;

-- name: set_type_counters
-- Makes the portal's row when it has none; its record ids then begin where all do.
INSERT INTO portal (id, next_record_id, next_type_id, types_version, next_object_number)
VALUES (?1, 30000000001, ?2, ?3, ?4)
ON CONFLICT (id) DO UPDATE SET
    next_type_id = excluded.next_type_id, types_version = excluded.types_version,
    next_object_number = excluded.next_object_number;

-- name: count_record_ids
-- Counts on by some records, and answers where the portal goes on then; its first one begins where all do.
INSERT INTO portal (id, next_record_id) VALUES (?1, 30000000001 + ?2)
ON CONFLICT (id) DO UPDATE SET next_record_id = next_record_id + ?2
RETURNING next_record_id;

-- name: taken_record_ids
-- Ids are unique over all object types, and a record made on first mention has whatever id was mentioned. Every object
-- type that ever had records is counted.
SELECT r.record_id FROM record AS r
WHERE r.portal_id = ?1 AND r.record_id BETWEEN ?2 AND ?3
  AND r.object_type IN (SELECT object_type FROM record_count WHERE portal_id = ?1)
UNION ALL
SELECT record_id FROM purged_record WHERE portal_id = ?1 AND record_id BETWEEN ?2 AND ?3;

-- records ----------------------------------------------------------------------------------------------------

-- name: missing_ends
-- Which ends of one pair do not live, as `Linked` counts them.
SELECT (NOT EXISTS (SELECT 1 FROM record AS r INDEXED BY record_live WHERE r.portal_id = ?1 AND r.object_type = ?2
                    AND r.record_id = ?3 AND r.archived_at IS NULL))
     + (NOT EXISTS (SELECT 1 FROM record AS r INDEXED BY record_live WHERE r.portal_id = ?1 AND r.object_type = ?4
                    AND r.record_id = ?5 AND r.archived_at IS NULL)) * 2;

-- name: missing_records
-- Those of many that do not live: of a good batch none, so there is nothing to fetch.
SELECT wanted.value FROM carray(?3) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM record AS r INDEXED BY record_live WHERE r.portal_id = ?1 AND r.object_type = ?2
                  AND r.record_id = wanted.value AND r.archived_at IS NULL);

-- name: archived_records
-- Those of many that lived once.
SELECT wanted.value FROM carray(?3) AS wanted
WHERE EXISTS (SELECT 1 FROM record AS r INDEXED BY record_archived WHERE r.portal_id = ?1 AND r.object_type = ?2
              AND r.record_id = wanted.value AND r.archived_at IS NOT NULL);

-- name: add_record
-- Ids are new when this runs.
INSERT INTO record (portal_id, object_type, record_id, created_at, updated_at, archived_at, properties)
VALUES (?1, ?2, ?3, ?4, ?4, NULL, ?5);

-- name: read_live_record
-- One of few.
SELECT record_id, properties, created_at, updated_at, archived_at FROM record
WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3 AND archived_at IS NULL;

-- name: read_archived_record
-- One of few.
SELECT record_id, properties, created_at, updated_at, archived_at FROM record
WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3 AND archived_at IS NOT NULL;

-- name: read_live_records
-- As `read_live_record` for many: a statement for all takes half the time of one for each. Measured 2026-11-24.
SELECT r.record_id, r.properties, r.created_at, r.updated_at, r.archived_at FROM carray(?3) AS wanted CROSS JOIN record AS r
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = wanted.value AND r.archived_at IS NULL;

-- name: read_archived_records
-- As `read_live_records`.
SELECT r.record_id, r.properties, r.created_at, r.updated_at, r.archived_at FROM carray(?3) AS wanted CROSS JOIN record AS r
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = wanted.value AND r.archived_at IS NOT NULL;

-- name: size_of_live_records
-- The driver counts bytes without reading what is in them.
SELECT ifnull(sum(octet_length(r.properties)), 0) FROM carray(?3) AS wanted CROSS JOIN record AS r
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = wanted.value AND r.archived_at IS NULL;

-- name: size_of_archived_records
-- As `size_of_live_records`.
SELECT ifnull(sum(octet_length(r.properties)), 0) FROM carray(?3) AS wanted CROSS JOIN record AS r
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.record_id = wanted.value AND r.archived_at IS NOT NULL;

-- name: measure_live_records
-- As `list_live_records`, of which it tells the size.
SELECT record_id, octet_length(properties) FROM record INDEXED BY record_live
WHERE portal_id = ?1 AND object_type = ?2 AND record_id >= ?3 AND archived_at IS NULL
ORDER BY record_id LIMIT ?4;

-- name: measure_archived_records
-- As `list_archived_records`, of which it tells the size.
SELECT record_id, octet_length(properties) FROM record INDEXED BY record_archived
WHERE portal_id = ?1 AND object_type = ?2 AND record_id >= ?3 AND archived_at IS NOT NULL
ORDER BY record_id LIMIT ?4;

-- name: list_live_records
-- A page by key of the living ones' own index.
SELECT record_id, properties, created_at, updated_at, archived_at FROM record INDEXED BY record_live
WHERE portal_id = ?1 AND object_type = ?2 AND record_id >= ?3 AND archived_at IS NULL
ORDER BY record_id LIMIT ?4;

-- name: list_archived_records
-- A page by key of the archived ones' own index.
SELECT record_id, properties, created_at, updated_at, archived_at FROM record INDEXED BY record_archived
WHERE portal_id = ?1 AND object_type = ?2 AND record_id >= ?3 AND archived_at IS NOT NULL
ORDER BY record_id LIMIT ?4;

-- name: set_properties
-- Of a record that lives: whoever writes them has read those before.
UPDATE record SET properties = ?4, updated_at = ?5
WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3;

-- name: archive_record
-- Nothing for a record that is archived or never was.
UPDATE record SET archived_at = ?4, updated_at = ?4
WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3 AND archived_at IS NULL
RETURNING properties;

-- name: archived_records_by_property
-- Those with one of a JSON list of texts, in lower case; reads every archived record of the type. A text beyond ASCII, of
-- which lower() knows nothing, is always among them: whoever asks compares again.
SELECT r.record_id, p.value FROM record AS r INDEXED BY record_archived, json_each(r.properties) AS p
WHERE r.portal_id = ?1 AND r.object_type = ?2 AND r.archived_at IS NOT NULL AND p.key = ?3
  AND (lower(p.value) IN (SELECT value FROM json_each(?4)) OR octet_length(p.value) <> length(p.value));

-- name: purge_record
-- Whatever its state.
DELETE FROM record WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3 RETURNING properties;

-- name: add_purged_record
-- So that its id is not given again.
INSERT OR IGNORE INTO purged_record (portal_id, record_id) VALUES (?1, ?2);

-- name: merged_into
-- Asked only where no record lives under an id.
SELECT winner_id FROM merged_record WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3;

-- name: merged_records
-- What became part of a record.
SELECT record_id FROM merged_record WHERE portal_id = ?1 AND object_type = ?2 AND winner_id = ?3;

-- name: add_merged_record
-- A record is merged once: then it is archived.
INSERT INTO merged_record (portal_id, object_type, record_id, winner_id) VALUES (?1, ?2, ?3, ?4);

-- name: follow_merged_records
-- What became part of a record becomes part of the one that it is merged into.
UPDATE merged_record SET winner_id = ?4 WHERE portal_id = ?1 AND object_type = ?2 AND winner_id = ?3;

-- name: remove_merged_record
-- Nothing for a record that was not merged.
DELETE FROM merged_record WHERE portal_id = ?1 AND object_type = ?2 AND record_id = ?3;

-- links ------------------------------------------------------------------------------------------------------

-- name: add_edge
-- One end of a link; what is there stays as it is.
INSERT OR IGNORE INTO edge (portal_id, from_type, from_id, to_type, to_id, type_key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: add_eight_edges
-- As `add_edge`, eight at once of the same two object types: 0.85 of the time, and an eighth of the occasions on which
-- the driver lets other threads in and may have to wait for them. More than eight gained nothing. Measured 2026-11-24.
INSERT OR IGNORE INTO edge (portal_id, from_type, from_id, to_type, to_id, type_key) VALUES
    (?1, ?2, ?4, ?3, ?5, ?6), (?1, ?2, ?7, ?3, ?8, ?9), (?1, ?2, ?10, ?3, ?11, ?12), (?1, ?2, ?13, ?3, ?14, ?15),
    (?1, ?2, ?16, ?3, ?17, ?18), (?1, ?2, ?19, ?3, ?20, ?21), (?1, ?2, ?22, ?3, ?23, ?24), (?1, ?2, ?25, ?3, ?26, ?27);

-- name: add_link
-- Both ends of one link.
INSERT OR IGNORE INTO edge (portal_id, from_type, from_id, to_type, to_id, type_key)
VALUES (?1, ?2, ?3, ?4, ?5, ?6), (?1, ?4, ?5, ?2, ?3, ?7);

-- name: remove_link
-- Both ends of one link.
DELETE FROM edge WHERE portal_id = ?1
  AND ((from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id = ?5 AND type_key = ?6)
    OR (from_type = ?4 AND from_id = ?5 AND to_type = ?2 AND to_id = ?3 AND type_key = ?7));

-- name: remove_pair
-- One end of all links of a pair.
DELETE FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id = ?5;

-- name: remove_other_labels
-- One end of the pair's USER_DEFINED and INTEGRATOR_DEFINED links, but those of a JSON list of keys. The category is
-- in the lowest two bits of a key; a hidden key has its bits turned, which makes 1 of 2 and 2 of 1.
DELETE FROM edge
WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id = ?5
  AND type_key & 3 IN (1, 2)
  AND type_key NOT IN (SELECT value FROM json_each(?6));

-- name: labels_of_pairs
-- The USER_DEFINED and INTEGRATOR_DEFINED links of a JSON list of [source, target]: most pairs have none to remove.
SELECT pair.value ->> 0, pair.value ->> 1, e.type_key FROM json_each(?4) AS pair CROSS JOIN edge AS e
WHERE e.portal_id = ?1 AND e.from_type = ?2 AND e.from_id = pair.value ->> 0
  AND e.to_type = ?3 AND e.to_id = pair.value ->> 1 AND e.type_key & 3 IN (1, 2);

-- name: other_holdings
-- The other targets to which a record holds a type that it may hold once only.
SELECT to_id FROM edge
WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id <> ?5 AND type_key = ?6;

-- name: holdings
-- As `other_holdings` for many records, with all their targets.
SELECT holder.value, e.to_id FROM carray(?3) AS holder CROSS JOIN edge AS e
WHERE e.portal_id = ?1 AND e.from_type = ?2 AND e.from_id = holder.value AND e.to_type = ?4 AND e.type_key = ?5;

-- name: has_link
-- Whether a record has any link to an object type.
SELECT EXISTS (SELECT 1 FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4);

-- name: linked_records
-- As `has_link` for many records.
SELECT holder.value FROM carray(?3) AS holder
WHERE EXISTS (SELECT 1 FROM edge AS e WHERE e.portal_id = ?1 AND e.from_type = ?2
              AND e.from_id = holder.value AND e.to_type = ?4);

-- name: remove_links_of_type
-- One end of every link of a type: reads all links from its source type, since no other key leads to it.
DELETE FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND to_type = ?3 AND type_key = ?4;

-- name: has_link_of_type
-- A link that is there needs no room.
SELECT EXISTS (SELECT 1 FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3
               AND to_type = ?4 AND to_id = ?5 AND type_key = ?6);

-- name: is_full
-- Whether a record has as many targets under a type as its limit allows: reads no further than that.
SELECT count(*) >= ?6 FROM (SELECT 1 FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3
                            AND to_type = ?4 AND type_key = ?5 LIMIT ?6);

-- name: savepoint
-- A part of a transaction that can be taken back alone.
SAVEPOINT part;

-- name: release_savepoint
-- What ran since `savepoint` is kept.
RELEASE part;

-- name: roll_back_to_savepoint
-- What ran since `savepoint` never happened.
ROLLBACK TO part; RELEASE part;

-- name: data_version
-- Another number than before when another connection changed the database.
PRAGMA data_version;

-- name: neighbours
-- The other ends of all links of a record, so that they can be removed too.
SELECT DISTINCT to_type, to_id FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3;

-- name: remove_edges_of
-- This end of all links of a record.
DELETE FROM edge WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3;

-- name: copy_edges_of
-- This end of all links of a record, for another record.
INSERT OR IGNORE INTO edge (portal_id, from_type, from_id, to_type, to_id, type_key)
SELECT portal_id, from_type, ?4, to_type, to_id, type_key FROM edge
WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3;

-- name: copy_pair
-- One end of all links of a pair, to another record.
INSERT OR IGNORE INTO edge (portal_id, from_type, from_id, to_type, to_id, type_key)
SELECT portal_id, from_type, from_id, to_type, ?6, type_key FROM edge
WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id = ?5;

-- name: list_links
-- A page by key: rows, of which a target has one for each type.
SELECT to_id, type_key FROM edge
WHERE portal_id = ?1 AND from_type = ?2 AND from_id = ?3 AND to_type = ?4 AND to_id > ?5 AND type_key >= 0
ORDER BY to_id, type_key LIMIT ?6;

-- name: read_links
-- As `list_links` for a JSON list of [record id, after]. One row for each: a JSON list of target ids and one of type
-- keys, since fetching a row costs more than reading it. A limit for each, as one record may have more than all others.
SELECT (SELECT '[' || json_group_array(page.to_id) || ',' || json_group_array(page.type_key) || ']' FROM (
    SELECT e.to_id, e.type_key FROM edge AS e
    WHERE e.portal_id = ?1 AND e.from_type = ?2 AND e.from_id = source.value ->> 0 AND e.to_type = ?3
      AND e.to_id > source.value ->> 1 AND e.type_key >= 0
    ORDER BY e.to_id, e.type_key LIMIT ?5
) AS page) FROM json_each(?4) AS source;

-- usage ------------------------------------------------------------------------------------------------------

-- name: count_records
-- Reads the index of the living records of a portal, and no record.
SELECT object_type, count(*) FROM record AS r INDEXED BY record_live
WHERE r.portal_id = ?1 AND r.archived_at IS NULL GROUP BY object_type;

-- name: crowded
-- Of a JSON list of [source type, its least threshold] and one of [type key, threshold]. Reads all links of the source
-- types once, in the order of the key, so that it need not sort them; only records with enough links to one object type
-- are counted again, type by type. One row for each source type: a JSON list of what it has.
WITH threshold (type_key, at_least) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(?3))
SELECT source.value ->> 0, (
    SELECT json_group_array(json_array(degree.from_id, degree.to_type, degree.type_key, degree.targets)) FROM (
        SELECT e.from_id, e.to_type, e.type_key, count(*) AS targets FROM (
            SELECT e.from_id, e.to_type FROM edge AS e
            WHERE e.portal_id = ?1 AND e.from_type = source.value ->> 0
            GROUP BY e.from_id, e.to_type HAVING count(*) >= source.value ->> 1
        ) AS pair CROSS JOIN edge AS e
        WHERE e.portal_id = ?1 AND e.from_type = source.value ->> 0
          AND e.from_id = pair.from_id AND e.to_type = pair.to_type
        GROUP BY e.from_id, e.to_type, e.type_key
    ) AS degree CROSS JOIN threshold
    WHERE threshold.type_key = degree.type_key AND degree.targets >= threshold.at_least
) FROM json_each(?2) AS source;

-- jobs -------------------------------------------------------------------------------------------------------

-- name: add_job
-- Its id tells the order of acceptance within its portal.
INSERT INTO job (portal_id, id, kind, arguments, state, attempts, created_at, due_at)
VALUES (?1, 1 + (SELECT ifnull(max(id), 0) FROM job WHERE portal_id = ?1), ?2, ?3, 'waiting', 0, ?4, ?4)
RETURNING id, portal_id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error;

-- name: has_due_job
-- Asked again and again: mostly there is none, and then nothing is written.
SELECT EXISTS (SELECT 1 FROM job WHERE state IN ('waiting', 'running') AND due_at <= ?1);

-- name: take_job
-- The number of the attempt tells its holder from those before.
UPDATE job SET state = 'running', attempts = attempts + 1, due_at = ?2
WHERE (portal_id, id) = (
    SELECT portal_id, id FROM job WHERE state IN ('waiting', 'running') AND due_at <= ?1
    ORDER BY due_at, created_at, portal_id, id LIMIT 1
)
RETURNING id, portal_id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error;

-- name: finish_job
-- Only by the holder of the last attempt.
UPDATE job SET state = 'done', finished_at = ?4, mailed_to = ?5, content = ?6, error = NULL
WHERE portal_id = ?1 AND id = ?2 AND state = 'running' AND attempts = ?3 RETURNING 1;

-- name: fail_job
-- Only by the holder of the last attempt.
UPDATE job SET state = ?4, due_at = ?5, finished_at = ?6, error = ?7
WHERE portal_id = ?1 AND id = ?2 AND state = 'running' AND attempts = ?3 RETURNING 1;

-- name: count_jobs
-- For the operator, of all portals. Those that wait for nothing but a worker are told apart.
SELECT CASE WHEN state = 'waiting' AND due_at <= ?1 THEN 'due' ELSE state END, count(*) FROM job GROUP BY 1;

-- name: list_jobs
-- Of one portal; without what they made, which may be long.
SELECT id, portal_id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error
FROM job WHERE portal_id = ?1 ORDER BY id;

-- name: list_all_jobs
-- For the operator: the one list that is not of a portal.
SELECT id, portal_id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error
FROM job ORDER BY created_at, portal_id, id;

-- name: read_job
-- With what it made.
SELECT id, portal_id, kind, arguments, state, attempts, created_at, due_at, finished_at, mailed_to, error, content
FROM job WHERE portal_id = ?1 AND id = ?2;
