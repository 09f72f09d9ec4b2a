-- A script marks transactions (picked: id, moment) as synced; their lines know nothing of it.
UPDATE transaction AS t
SET custbody_synced_at = moment, lastmodifiedby = -5,
    lastmodifieddate = greatest(lastmodifieddate, moment)
FROM picked WHERE t.id = picked.id;
