-- An edge: this file came from that file, by that job. Stays when either file is deleted.
CREATE TABLE edges (
  id             TEXT NOT NULL PRIMARY KEY,
  owner_id       TEXT NOT NULL REFERENCES users (id),
  parent_file    TEXT NOT NULL REFERENCES files (id),
  child_file     TEXT NOT NULL REFERENCES files (id),
  job_id         TEXT NOT NULL REFERENCES jobs (id),
  kind           TEXT NOT NULL CHECK (kind IN ('CUT_FROM', 'DERIVED_FROM')),
  operation      TEXT NOT NULL,
  spec           TEXT NOT NULL,
  spec_sha256    TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  input_etag     TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  UNIQUE (parent_file, child_file, job_id)
) STRICT;

-- walk: who are the parents of this file?
CREATE INDEX edges_by_child ON edges (child_file, parent_file);
