-- Properties of portals: their own, and those of HubSpot's that they changed. definition: a JSON object; what is looked
-- for has a column beside it. archived_at: milliseconds since the epoch.
CREATE TABLE portal_property (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    name TEXT NOT NULL,
    is_own INTEGER NOT NULL,
    is_calculated INTEGER NOT NULL,
    archived_at INTEGER,
    definition TEXT NOT NULL,
    PRIMARY KEY (portal_id, object_type, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE portal_property_group (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (portal_id, object_type, name)
) STRICT, WITHOUT ROWID;
