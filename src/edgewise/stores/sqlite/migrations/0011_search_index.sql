-- What searches are answered from. A value has several keys, see `keys_of` in domain/values.py: of its text, of the
-- number it counts as, and of its words.
DROP TABLE record_value;

CREATE TABLE record_value (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (portal_id, object_type, name, folded, record_id)
) STRICT, WITHOUT ROWID;

-- keys_of is the program's: a migration may call it.
INSERT INTO record_value
SELECT r.portal_id, r.object_type, p.key, k.value, r.record_id
FROM record AS r, json_each(r.properties) AS p, json_each(keys_of(p.value)) AS k
WHERE r.archived_at IS NULL;

-- What connectors ask for again and again: what was made or changed since some moment, in that order.
CREATE INDEX record_created ON record (portal_id, object_type, created_at, record_id) WHERE archived_at IS NULL;
CREATE INDEX record_updated ON record (portal_id, object_type, updated_at, record_id) WHERE archived_at IS NULL;

-- How many records of a type live, so that no search counts them.
CREATE TABLE record_count (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    living INTEGER NOT NULL,
    PRIMARY KEY (portal_id, object_type)
) STRICT, WITHOUT ROWID;

INSERT INTO record_count
SELECT portal_id, object_type, count(*) FROM record WHERE archived_at IS NULL GROUP BY portal_id, object_type;

CREATE TRIGGER record_added AFTER INSERT ON record WHEN NEW.archived_at IS NULL BEGIN
    INSERT INTO record_count VALUES (NEW.portal_id, NEW.object_type, 1)
    ON CONFLICT (portal_id, object_type) DO UPDATE SET living = living + 1;
END;

CREATE TRIGGER record_ended AFTER UPDATE OF archived_at ON record
WHEN OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL BEGIN
    UPDATE record_count SET living = living - 1 WHERE portal_id = OLD.portal_id AND object_type = OLD.object_type;
END;

CREATE TRIGGER record_restored AFTER UPDATE OF archived_at ON record
WHEN OLD.archived_at IS NOT NULL AND NEW.archived_at IS NULL BEGIN
    UPDATE record_count SET living = living + 1 WHERE portal_id = NEW.portal_id AND object_type = NEW.object_type;
END;

CREATE TRIGGER record_removed AFTER DELETE ON record WHEN OLD.archived_at IS NULL BEGIN
    UPDATE record_count SET living = living - 1 WHERE portal_id = OLD.portal_id AND object_type = OLD.object_type;
END;
