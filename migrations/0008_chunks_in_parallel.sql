-- Jobs in many chunks: how far their results are joined, from the left, and what is known of a chunk's beginning.
ALTER TABLE jobs ADD COLUMN admitted_at INTEGER; -- null: it waits for its turn among its owner's jobs
ALTER TABLE jobs ADD COLUMN joined INTEGER NOT NULL DEFAULT 0; -- chunks 0 … joined - 1 are joined
ALTER TABLE jobs ADD COLUMN joined_to INTEGER NOT NULL DEFAULT 0; -- the byte at which the next line begins
ALTER TABLE jobs ADD COLUMN joined_skips INTEGER NOT NULL DEFAULT 0; -- 1: that byte lies in a line that is rejected and goes on

ALTER TABLE chunks ADD COLUMN start_at INTEGER; -- the true line start it is run from; null: it is guessed
ALTER TABLE chunks ADD COLUMN start_skips INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chunks ADD COLUMN guess_count INTEGER NOT NULL DEFAULT 0; -- tries from a guessed start; attempt_count counts those from the true one

UPDATE jobs SET admitted_at = created_at, joined = CASE WHEN chunks_done = chunks_total THEN chunks_total ELSE 0 END,
  joined_to = COALESCE(plan ->> '$.dialect.header_end', 0);
UPDATE jobs SET joined_to = (SELECT MAX(range_end) FROM chunks WHERE job_id = jobs.id) WHERE chunks_total > 0 AND joined = chunks_total;
UPDATE chunks SET start_at = range_start;

-- admitNext: whose turn is it?
CREATE INDEX jobs_waiting ON jobs (owner_id, created_at, id) WHERE state = 'queued' AND admitted_at IS NULL;
-- admitNext, wakeChunks: how many jobs of this owner are under way?
CREATE INDEX jobs_under_way ON jobs (owner_id) WHERE admitted_at IS NOT NULL AND ended_at IS NULL;

-- What is put together from what chunks left: where the next message goes on. The output and the rejects are parts of an upload; of the states, what is joined so far is an object.
CREATE TABLE compositions (
  job_id      TEXT NOT NULL REFERENCES jobs (id),
  role        TEXT NOT NULL CHECK (role IN ('output', 'rejects', 'state')),
  -- raised when an upload has to be given up and begun anew
  version     INTEGER NOT NULL,
  object_key  TEXT NOT NULL,
  upload_id   TEXT NOT NULL,
  part_bytes  INTEGER NOT NULL,
  parts_done  INTEGER NOT NULL DEFAULT 0,
  -- the position in the chunks' objects from which the next part is made
  at_chunk    INTEGER NOT NULL DEFAULT 0,
  at_offset   INTEGER NOT NULL DEFAULT 0,
  at_skip     INTEGER NOT NULL DEFAULT 0,
  -- what it came to, once the upload is complete
  etag        TEXT,
  bytes       INTEGER,
  sha256      TEXT,
  PRIMARY KEY (job_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE composed_parts (
  job_id  TEXT NOT NULL REFERENCES jobs (id),
  role    TEXT NOT NULL,
  version INTEGER NOT NULL,
  number  INTEGER NOT NULL,
  etag    TEXT NOT NULL,
  PRIMARY KEY (job_id, role, version, number)
) STRICT, WITHOUT ROWID;
