-- Lines (picked: id is the uniquekey, moment) are changed, and their headers do not tell.
UPDATE transactionline AS l
SET memo = 'Checked ' || strftime(moment, '%Y-%m-%d %H:%M:%S'), linelastmodifieddate = moment
FROM picked WHERE l.uniquekey = picked.id;
