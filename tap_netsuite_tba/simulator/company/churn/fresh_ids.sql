-- Ids for the models (picked: id, moment) to be copied under: above all that were ever given, as
-- getvariable('gone') tells of those that were deleted.
CREATE OR REPLACE TEMP TABLE fresh AS
WITH newest AS (
    SELECT greatest(max(id), list_max(getvariable('gone')::BIGINT[])) AS newest FROM transaction
)
SELECT newest + sum(2 + hash(picked.id) % 17) OVER (ORDER BY moment, picked.id)::BIGINT AS id,
       picked.id AS model, moment
FROM picked, newest;
