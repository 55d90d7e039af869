-- What is kept for those who look after the service: sums over all jobs that ended, one row for each operation, end and class of duration. Read by GET /metrics, whatever the number of jobs.
CREATE TABLE job_totals (
  operation      TEXT NOT NULL,
  state          TEXT NOT NULL,
  -- the least of the bounds in shared/stats/totals.sql.ts, in seconds, that the jobs' time from submission to end does not pass; 0: it passes them all
  within_s       INTEGER NOT NULL,
  jobs           INTEGER NOT NULL,
  took_ms        INTEGER NOT NULL,
  waited_ms      INTEGER NOT NULL,
  chunks         INTEGER NOT NULL,
  -- tries at their chunks, by what they came to (chunk_attempts)
  tries_done     INTEGER NOT NULL,
  tries_released INTEGER NOT NULL,
  tries_failed   INTEGER NOT NULL,
  tries_lost     INTEGER NOT NULL,
  tries_void     INTEGER NOT NULL,
  bytes_in       INTEGER NOT NULL,
  rows_in        INTEGER NOT NULL,
  rows_out       INTEGER NOT NULL,
  rows_filtered  INTEGER NOT NULL,
  rows_rejected  INTEGER NOT NULL,
  PRIMARY KEY (operation, state, within_s)
) STRICT, WITHOUT ROWID;

-- Tries at chunks that came to nothing, and why: the answer to "why was my chunk retried?". The try that counts stands in the chunk's own row; a chunk that went well at once has no row here.
CREATE TABLE chunk_attempts (
  job_id     TEXT NOT NULL REFERENCES jobs (id),
  k          INTEGER NOT NULL,
  -- of the try: its claim raised the chunk's fence to this
  fence      INTEGER NOT NULL,
  -- 1: it began at a guessed line start
  guessed    INTEGER NOT NULL CHECK (guessed IN (0, 1)),
  -- released: it failed, and the chunk is tried again; failed: it failed, and so did the job; lost: its worker fell silent, and its lease ran out; void: its guess was wrong
  outcome    TEXT NOT NULL CHECK (outcome IN ('released', 'failed', 'lost', 'void')),
  -- the failure, as JSON
  error      TEXT,
  bytes_in   INTEGER NOT NULL,
  started_at INTEGER,
  ended_at   INTEGER NOT NULL,
  PRIMARY KEY (job_id, k, fence)
) STRICT, WITHOUT ROWID;

-- countStatements: dead letters that nobody has sent again
CREATE INDEX dead_letters_unsent ON dead_letters (queue, created_at) WHERE replayed_at IS NULL;
