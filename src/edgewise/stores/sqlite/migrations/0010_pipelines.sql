-- Pipelines of portals: their own, and those of HubSpot's that they changed. next_pipeline_number: the id that the next
-- pipeline or stage gets which nobody names.
ALTER TABLE portal ADD COLUMN next_pipeline_number INTEGER NOT NULL DEFAULT 100000001;

-- definition: a JSON object with the stages; nobody searches in it.
CREATE TABLE portal_pipeline (
    portal_id INTEGER NOT NULL,
    object_type INTEGER NOT NULL,
    pipeline_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (portal_id, object_type, pipeline_id)
) STRICT, WITHOUT ROWID;
