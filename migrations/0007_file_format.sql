-- What a file is: a CSV, or what a job wrote in another form, one JSON value a line. Only a CSV has a dialect and can be a job's input; the dialect of another is the JSON value null.
ALTER TABLE files ADD COLUMN format TEXT NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'ndjson', 'arrays'));
