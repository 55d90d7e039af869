-- The first answer to a request with an Idempotency-Key, written in the same transaction as what the request made.
CREATE TABLE idempotency (
  owner_id    TEXT NOT NULL REFERENCES users (id),
  route       TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status      INTEGER NOT NULL,
  subject     TEXT NOT NULL,
  body        TEXT NOT NULL,
  expires_at  INTEGER NOT NULL,
  PRIMARY KEY (owner_id, route, key)
) STRICT, WITHOUT ROWID;

-- deleteExpiredKeys: keys past their time
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- Who does a duty of the tick right now, and how far a walk through the bucket has come.
CREATE TABLE duties (
  name        TEXT NOT NULL PRIMARY KEY,
  lease_until INTEGER NOT NULL DEFAULT 0,
  cursor      TEXT
) STRICT, WITHOUT ROWID;
