-- What a record that was merged into another one is found under. A chain of merges is kept as its end.
CREATE TABLE merged_record (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    winner_id INTEGER NOT NULL,
    PRIMARY KEY (portal_id, object_type, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX merged_record_winner ON merged_record (portal_id, object_type, winner_id);

-- Ids of records that were removed for good: the portal does not count on to them again.
CREATE TABLE purged_record (
    portal_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (portal_id, record_id)
) STRICT, WITHOUT ROWID;
