-- Everything is within a portal, so every key leads with it; a token is what leads to its portal.
-- Ids and types are integers and times are milliseconds since the epoch: 64 bytes a pair, half of what text takes.

CREATE TABLE portal (
    id INTEGER PRIMARY KEY,
    next_record_id INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    digest BLOB PRIMARY KEY,
    portal_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The two lists are JSON: nobody searches in them.
CREATE TABLE portal_object_type (
    portal_id INTEGER NOT NULL,
    code INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    plural TEXT NOT NULL,
    aliases TEXT NOT NULL,
    default_properties TEXT NOT NULL,
    last_modified_property TEXT NOT NULL,
    PRIMARY KEY (portal_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE portal_association_type (
    portal_id INTEGER NOT NULL,
    type_key INTEGER NOT NULL,
    category INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    source_type INTEGER NOT NULL,
    target_type INTEGER NOT NULL,
    mirror_key INTEGER NOT NULL,
    label TEXT,
    name TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    is_legacy INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    holder INTEGER NOT NULL,
    PRIMARY KEY (portal_id, type_key)
) STRICT, WITHOUT ROWID;

-- properties: a JSON object of texts. archived_at: NULL while the record lives.
CREATE TABLE record (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    archived_at INTEGER,
    properties TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX record_key ON record (portal_id, object_type, record_id);

-- Every link asks whether its two ends live: this index tells without the records, in 0.4 of the time at a million
-- links. Each state has one, so that a list of either does not read past all records of the other.
CREATE INDEX record_live ON record (portal_id, object_type, record_id) WHERE archived_at IS NULL;
CREATE INDEX record_archived ON record (portal_id, object_type, record_id) WHERE archived_at IS NOT NULL;

-- Each link is two rows, one from either end, so that both ends read their links as one range of the key.
-- A type_key below zero is the end of a link whose type has no known inverse: it is there to be archived, not read.
CREATE TABLE edge (
    portal_id INTEGER NOT NULL,
    from_type INTEGER NOT NULL,
    from_id INTEGER NOT NULL,
    to_type INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    type_key INTEGER NOT NULL,
    PRIMARY KEY (portal_id, from_type, from_id, to_type, to_id, type_key)
) STRICT, WITHOUT ROWID;
