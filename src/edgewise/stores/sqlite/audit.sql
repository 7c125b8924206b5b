-- The audit log. See queries.sql for how such a file is read.

-- name: add_entry
-- In the transaction of what it tells.
INSERT INTO audit (at, portal_id, token_id, app_id, user_id, name, action, details)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: add_eight_entries
-- As `add_entry`, eight at once: an eighth of the occasions on which the driver lets other threads in.
INSERT INTO audit (at, portal_id, token_id, app_id, user_id, name, action, details) VALUES
    (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?),
    (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?);

-- name: read_after
-- Reads on until enough are found: there is no index.
SELECT id, at, portal_id, token_id, app_id, user_id, name, action, details FROM audit
WHERE id > ?1
  AND (?2 IS NULL OR portal_id = ?2) AND (?3 IS NULL OR at >= ?3)
  AND (?4 IS NULL OR action = ?4) AND (?5 IS NULL OR token_id = ?5)
ORDER BY id LIMIT ?6;

-- name: read_latest
-- As `read_after`, from the end.
SELECT id, at, portal_id, token_id, app_id, user_id, name, action, details FROM audit
WHERE (?1 IS NULL OR portal_id = ?1) AND (?2 IS NULL OR at >= ?2)
  AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR token_id = ?4)
ORDER BY id DESC LIMIT ?5;
