-- Every object type that ever had records is counted, and one whose records were all archived by then, too: new ids are
-- looked for among the records of counted types.
INSERT OR IGNORE INTO record_count SELECT DISTINCT portal_id, object_type, 0 FROM record;
