-- What happened, written in the same transaction as the change it tells.
CREATE TABLE events (
  id         TEXT NOT NULL PRIMARY KEY,
  owner_id   TEXT NOT NULL REFERENCES users (id),
  kind       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  payload    TEXT NOT NULL,
  request_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;

-- Queue messages that must go out because a change was committed. The row goes when the queue has taken the message; the relay sends what is left.
CREATE TABLE outbox (
  id         TEXT NOT NULL PRIMARY KEY,
  queue      TEXT NOT NULL CHECK (queue IN ('file-events', 'jobs', 'chunks')),
  body       TEXT NOT NULL,
  due_at     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- dueOutbox: the oldest messages not sent
CREATE INDEX outbox_due ON outbox (due_at);

-- Messages that the queue gave up on, kept for people to look at.
CREATE TABLE dead_letters (
  id         TEXT NOT NULL PRIMARY KEY,
  queue      TEXT NOT NULL,
  message_id TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (queue, message_id)
) STRICT;
