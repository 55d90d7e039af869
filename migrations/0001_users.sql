-- Who may ask. Accounts and sessions come on top of this; a key belongs to a user.
CREATE TABLE users (
  id         TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
  created_at INTEGER NOT NULL
) STRICT;

-- An API key: what is stored is the public part and an HMAC of the secret part, never the key.
CREATE TABLE api_keys (
  id           TEXT NOT NULL PRIMARY KEY,
  owner_id     TEXT NOT NULL REFERENCES users (id),
  name         TEXT NOT NULL,
  public_part  TEXT NOT NULL,
  secret_hmac  TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  last_used_at INTEGER
) STRICT;

-- findKey: the key of a request by its public part
CREATE UNIQUE INDEX api_keys_by_public_part ON api_keys (public_part);
