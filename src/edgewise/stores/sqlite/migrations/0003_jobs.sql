-- Work that is done after the answer. It is kept in the transaction that accepts it, so no restart loses it.
-- arguments: a JSON object. state: 'waiting', 'running', 'done' or 'failed'. due_at: when a worker may take it; while it
-- runs, when another one may take it over. content: what it made.
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    portal_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    finished_at INTEGER,
    mailed_to TEXT,
    error TEXT,
    content TEXT
) STRICT;

CREATE INDEX job_of_portal ON job (portal_id, id);

-- Workers ask for it every second or two: the jobs that are done are not in it.
CREATE INDEX job_due ON job (due_at, id) WHERE state IN ('waiting', 'running');
