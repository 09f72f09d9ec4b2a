-- Takes lines (picked: id is the uniquekey, moment) from their orders; only the headers tell.

CREATE OR REPLACE TEMP TABLE removed AS
SELECT transaction, l.id, moment FROM picked JOIN transactionline AS l ON uniquekey = picked.id;

DELETE FROM transactionline AS l USING removed AS r
WHERE l.transaction = r.transaction AND l.id = r.id;

DELETE FROM transactionaccountingline AS a USING removed AS r
WHERE a.transaction = r.transaction AND transactionline = r.id;

CREATE OR REPLACE TEMP TABLE changed AS
SELECT DISTINCT ON (transaction) transaction AS id, moment FROM removed;
