-- What copies a database and looks at copies. See queries.sql for how such a file is read.

-- name: as_copied
-- Each page is read once, so none needs keeping.
PRAGMA query_only = ON;
PRAGMA cache_size = -1024;

-- name: as_copy
-- An unfinished file is thrown away when anything goes wrong, so SQLite need not be able to take back what it wrote.
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA cache_size = -16384;

-- name: as_sole_user
-- Fails while any other program has the database open, even one that is idle.
PRAGMA locking_mode = EXCLUSIVE;
BEGIN EXCLUSIVE;
SELECT count(*) FROM sqlite_schema;
COMMIT;

-- name: without_log
-- A write-ahead log is moved into the database and removed: the file alone is the database.
PRAGMA journal_mode = DELETE;

-- name: with_log
-- As a server has it: whoever reads does not keep it waiting.
PRAGMA journal_mode = WAL;

-- name: pin
-- From the first read on, the transaction sees one state of the database, whoever writes.
BEGIN;
SELECT count(*) FROM sqlite_schema;

-- name: integrity_check
-- Every page, every row in order, every index against its table.
PRAGMA integrity_check(5);

-- name: count_portals
-- Those that are open; the row of a closed one stays.
SELECT count(*) FROM account WHERE closed_at IS NULL;

-- name: count_every_token
-- Those that ended are kept in the list, too.
SELECT count(*) FROM access_token;

-- name: count_every_record
-- Archived ones too.
SELECT count(*) FROM record;

-- name: count_every_link
-- Each is two rows, one from either end.
SELECT count(*) / 2 FROM edge;
