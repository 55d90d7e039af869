-- What is taken back and what is done again.
-- A rollback: the files that a job made were deleted on its owner's word. The job's row stays as it ended; this one says that it no longer counts.
CREATE TABLE rollbacks (
  job_id     TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
  owner_id   TEXT NOT NULL REFERENCES users (id),
  request_id TEXT,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A dead letter that was sent again, and how often.
ALTER TABLE dead_letters ADD COLUMN replayed_at INTEGER;
ALTER TABLE dead_letters ADD COLUMN replay_count INTEGER NOT NULL DEFAULT 0;

-- listDeadLetters: newest first
CREATE INDEX dead_letters_by_time ON dead_letters (created_at DESC, id DESC);
