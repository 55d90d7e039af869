-- A job: one operation on input files. Its states and transitions are told in shared/jobs/job.ts.
CREATE TABLE jobs (
  id                  TEXT NOT NULL PRIMARY KEY,
  owner_id            TEXT NOT NULL REFERENCES users (id),
  rev                 INTEGER NOT NULL DEFAULT 1,
  state               TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finalizing', 'canceling', 'succeeded', 'failed', 'canceled', 'expired')),
  operation           TEXT NOT NULL,
  input_file          TEXT NOT NULL REFERENCES files (id),
  input_etag          TEXT NOT NULL,
  input_bytes         INTEGER NOT NULL,
  -- canonical JSON with the clause reprinted, and its SHA-256
  spec                TEXT NOT NULL,
  spec_sha256         TEXT NOT NULL,
  engine_version      TEXT NOT NULL,
  name                TEXT,
  tags                TEXT NOT NULL DEFAULT '[]',
  custom_id           TEXT,
  metadata            TEXT NOT NULL DEFAULT '{}',
  -- 'request': someone asked; 'arrival': a file was stored
  cause               TEXT NOT NULL CHECK (cause IN ('request', 'arrival')),
  request_id          TEXT,
  fence               INTEGER NOT NULL DEFAULT 0,
  lease_until         INTEGER,
  attempt_count       INTEGER NOT NULL DEFAULT 0,
  -- what planning fixed for all chunks, as JSON: dialect and columns
  plan                TEXT,
  chunks_total        INTEGER NOT NULL DEFAULT 0,
  chunks_done         INTEGER NOT NULL DEFAULT 0,
  bytes_in            INTEGER NOT NULL DEFAULT 0,
  rows_in             INTEGER NOT NULL DEFAULT 0,
  rows_out            INTEGER NOT NULL DEFAULT 0,
  rows_filtered       INTEGER NOT NULL DEFAULT 0,
  rows_rejected       INTEGER NOT NULL DEFAULT 0,
  blank_lines         INTEGER NOT NULL DEFAULT 0,
  warnings            TEXT NOT NULL DEFAULT '[]',
  result_file         TEXT REFERENCES files (id),
  rejects_file        TEXT REFERENCES files (id),
  result              TEXT,
  error               TEXT,
  created_at          INTEGER NOT NULL,
  started_at          INTEGER,
  finalizing_at       INTEGER,
  cancel_requested_at INTEGER,
  ended_at            INTEGER,
  expires_at          INTEGER NOT NULL,
  -- a terminal row says when it ended, and nobody holds it any more
  CHECK ((state IN ('succeeded', 'failed', 'canceled', 'expired')) = (ended_at IS NOT NULL)),
  CHECK (state <> 'succeeded' OR rows_in = rows_out + rows_filtered + rows_rejected)
) STRICT;

-- listJobs: a user's jobs, newest first
CREATE INDEX jobs_by_owner ON jobs (owner_id, created_at DESC, id DESC);
-- liveJobsOf, listJobs by file: which jobs use this file?
CREATE INDEX jobs_by_input ON jobs (input_file, created_at DESC, id DESC);
-- stalledJobs, cancelingJobs: what the tick looks after
CREATE INDEX jobs_live ON jobs (state, lease_until) WHERE state IN ('queued', 'running', 'finalizing', 'canceling');
-- overdueJobs: jobs past their time
CREATE INDEX jobs_by_expiry ON jobs (expires_at) WHERE state IN ('queued', 'running', 'finalizing', 'canceling');
-- insertArrivalJob: automatic analysis is one job per (file, etag)
CREATE UNIQUE INDEX jobs_arrival_once ON jobs (input_file, input_etag, operation) WHERE cause = 'arrival';

-- A chunk: a byte range of a job's input, the unit of parallel work and of retry.
CREATE TABLE chunks (
  job_id        TEXT NOT NULL REFERENCES jobs (id),
  k             INTEGER NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'canceled')),
  range_start   INTEGER NOT NULL,
  range_end     INTEGER NOT NULL,
  fence         INTEGER NOT NULL DEFAULT 0,
  lease_until   INTEGER,
  attempt_count INTEGER NOT NULL DEFAULT 0,
  -- how far the holder has come: progress within the chunk
  bytes_in      INTEGER NOT NULL DEFAULT 0,
  rows_in       INTEGER NOT NULL DEFAULT 0,
  rows_out      INTEGER NOT NULL DEFAULT 0,
  rows_rejected INTEGER NOT NULL DEFAULT 0,
  -- what the committed run left, as JSON: counts, objects, answer
  result        TEXT,
  error         TEXT,
  started_at    INTEGER,
  ended_at      INTEGER,
  PRIMARY KEY (job_id, k)
) STRICT, WITHOUT ROWID;

-- stalledChunks: what the tick looks after
CREATE INDEX chunks_live ON chunks (state, lease_until) WHERE state IN ('waiting', 'running');
