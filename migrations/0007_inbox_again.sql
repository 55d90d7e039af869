-- A list that was deleted may be dropped again, at the same place and with the same bytes: a tombstone does not keep its object's place.
DROP INDEX files_inbox_once;
-- insertFile from the inbox: an object with the same content is adopted once
CREATE UNIQUE INDEX files_inbox_once ON files (object_key, etag) WHERE source = 'inbox' AND state <> 'deleted';
