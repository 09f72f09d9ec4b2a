-- Writes down which transactions (picked: id, moment) are about to be deleted.

INSERT INTO deletedrecord BY NAME
SELECT t.id AS recordid, -30 AS recordtypeid, recordtype AS scriptid,
       split_part(trandisplayname, ' #', 1) AS type, trandisplayname AS name, 'UIF' AS context,
       lastmodifiedby AS deletedby, moment AS deleteddate, 'F' AS iscustomlist,
       'F' AS iscustomrecord, 'F' AS iscustomtransaction
FROM picked JOIN transaction AS t ON t.id = picked.id;
