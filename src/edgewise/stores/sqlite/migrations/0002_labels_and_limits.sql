-- Portals define labels and limits while a server runs. next_type_id: the USER_DEFINED id that the next type gets.
-- types_version: counts the changes, so that what a server remembers of a portal can be told to be out of date.
ALTER TABLE portal ADD COLUMN next_type_id INTEGER NOT NULL DEFAULT 1;
ALTER TABLE portal ADD COLUMN types_version INTEGER NOT NULL DEFAULT 0;

-- A portal without records has no row yet: its record ids begin where all do.
INSERT OR IGNORE INTO portal (id, next_record_id)
SELECT DISTINCT portal_id, 30000000001 FROM portal_association_type;

UPDATE portal SET next_type_id = 1 + coalesce(
    (SELECT max(t.type_id) FROM portal_association_type AS t WHERE t.portal_id = portal.id AND t.category = 1), 0
);

-- How many targets a record may have under an association type of either kind, HubSpot's or the portal's.
CREATE TABLE portal_limit (
    portal_id INTEGER NOT NULL,
    type_key INTEGER NOT NULL,
    targets_max INTEGER NOT NULL,
    PRIMARY KEY (portal_id, type_key)
) STRICT, WITHOUT ROWID;
