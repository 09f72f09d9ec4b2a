-- Ids for the models (picked: id, moment) that were given long ago and appear only now: each lies
-- just below one of the newest.
CREATE OR REPLACE TEMP TABLE fresh AS
WITH free AS (
    SELECT id - 1 AS id, row_number() OVER (ORDER BY id DESC) AS place
    FROM (SELECT id FROM transaction ORDER BY id DESC LIMIT 3000)
    WHERE id - 1 NOT IN (SELECT id FROM transaction)
      AND id - 1 NOT IN (SELECT recordid FROM deletedrecord)
      AND NOT list_contains(getvariable('gone')::BIGINT[], id - 1)
)
SELECT free.id, picked.id AS model, moment
FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM picked) AS picked
JOIN free USING (place);
