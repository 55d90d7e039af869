-- A file: an immutable CSV of a user, one object in the bucket and this row.
CREATE TABLE files (
  id            TEXT NOT NULL PRIMARY KEY,
  owner_id      TEXT NOT NULL REFERENCES users (id),
  rev           INTEGER NOT NULL DEFAULT 1,
  state         TEXT NOT NULL CHECK (state IN ('uploading', 'stored', 'ready', 'rejected', 'missing', 'deleted')),
  source        TEXT NOT NULL CHECK (source IN ('upload', 'inbox', 'job')),
  name          TEXT NOT NULL,
  content_type  TEXT NOT NULL,
  object_key    TEXT NOT NULL,
  etag          TEXT,
  bytes         INTEGER,
  sha256        TEXT,
  system_tags   TEXT NOT NULL DEFAULT '[]',
  user_tags     TEXT NOT NULL DEFAULT '[]',
  -- what the user said about the dialect when handing it over, as JSON
  hints         TEXT NOT NULL DEFAULT '{}',
  auto_analyse  INTEGER NOT NULL DEFAULT 1 CHECK (auto_analyse IN (0, 1)),
  dialect       TEXT,
  columns       TEXT,
  notes         TEXT NOT NULL DEFAULT '[]',
  rows          INTEGER,
  problem       TEXT,
  profile_key   TEXT,
  profile       TEXT,
  job_id        TEXT,
  created_at    INTEGER NOT NULL,
  stored_at     INTEGER,
  settled_at    INTEGER,
  deleted_at    INTEGER,
  -- a deleted file's object is gone from the bucket
  purged_at     INTEGER,
  CHECK (state NOT IN ('stored', 'ready') OR (etag IS NOT NULL AND bytes IS NOT NULL)),
  CHECK (state <> 'ready' OR (dialect IS NOT NULL AND columns IS NOT NULL)),
  CHECK (state <> 'rejected' OR problem IS NOT NULL)
) STRICT;

-- listFiles: a user's files, newest first
CREATE INDEX files_by_owner ON files (owner_id, created_at DESC, id DESC);
-- filesByObject, unknownObjects: which file does this object belong to?
CREATE INDEX files_by_object ON files (object_key, etag);
-- insertFile from the inbox: an object with the same content is adopted once; a tombstone does not keep its object's place, for what is dropped again is there again
CREATE UNIQUE INDEX files_inbox_once ON files (object_key, etag) WHERE source = 'inbox' AND state <> 'deleted';
-- unsettledFiles, unfinishedFiles: what the tick looks after
CREATE INDEX files_unsettled ON files (state, created_at) WHERE state IN ('uploading', 'stored');
-- filesToPurgeOfSystem: deleted rows whose object is still there
CREATE INDEX files_unpurged ON files (deleted_at) WHERE state = 'deleted' AND purged_at IS NULL;

-- A multipart upload under way into a file.
CREATE TABLE uploads (
  id           TEXT NOT NULL PRIMARY KEY,
  owner_id     TEXT NOT NULL REFERENCES users (id),
  file_id      TEXT NOT NULL REFERENCES files (id),
  state        TEXT NOT NULL CHECK (state IN ('open', 'completing', 'completed', 'aborted', 'expired')),
  r2_upload_id TEXT NOT NULL,
  -- bytes of every part but the last
  part_bytes   INTEGER NOT NULL,
  -- bytes of the whole, where the client said so
  total_bytes  INTEGER,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  ended_at     INTEGER
) STRICT;

-- dueUploadsOfSystem: open uploads past their time
CREATE INDEX uploads_by_expiry ON uploads (expires_at) WHERE state IN ('open', 'completing');

-- unfinishedFiles: has this file an upload?
CREATE INDEX uploads_by_file ON uploads (file_id);

-- Parts received so far; sending a part again replaces it.
CREATE TABLE upload_parts (
  upload_id  TEXT NOT NULL REFERENCES uploads (id),
  number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
  etag       TEXT NOT NULL,
  bytes      INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;
