-- Properties that portals defined. See queries.sql for how such a file is read.

-- name: read_properties
-- All of an object type.
SELECT definition FROM portal_property WHERE portal_id = ?1 AND object_type = ?2 ORDER BY name;

-- name: read_property_groups
-- All of an object type.
SELECT definition FROM portal_property_group WHERE portal_id = ?1 AND object_type = ?2 ORDER BY name;

-- name: put_property
-- A property is made or changed alike.
INSERT INTO portal_property (portal_id, object_type, name, is_own, is_calculated, archived_at, definition)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (portal_id, object_type, name) DO UPDATE SET
    is_own = excluded.is_own, is_calculated = excluded.is_calculated, archived_at = excluded.archived_at,
    definition = excluded.definition;

-- name: put_property_group
-- A group is made or changed alike.
INSERT INTO portal_property_group (portal_id, object_type, name, definition) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (portal_id, object_type, name) DO UPDATE SET definition = excluded.definition;

-- name: remove_properties
-- Of an object type that is purged.
DELETE FROM portal_property WHERE portal_id = ?1 AND object_type = ?2;

-- name: remove_property_groups
-- As `remove_properties`.
DELETE FROM portal_property_group WHERE portal_id = ?1 AND object_type = ?2;

-- name: count_properties
-- How many properties of its own an object type has, and how many of them are calculated.
SELECT object_type, count(*), sum(is_calculated) FROM portal_property
WHERE portal_id = ?1 AND is_own AND archived_at IS NULL GROUP BY object_type;

-- name: next_types_version
-- Makes the portal's row when it has none; its record ids then begin where all do.
INSERT INTO portal (id, next_record_id, types_version) VALUES (?1, 30000000001, 1)
ON CONFLICT (id) DO UPDATE SET types_version = types_version + 1;
