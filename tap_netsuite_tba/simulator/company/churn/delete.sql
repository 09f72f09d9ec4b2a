-- Deletes transactions (picked: id) with all that they have.

DELETE FROM transaction WHERE id IN (SELECT id FROM picked);
DELETE FROM transactionline WHERE transaction IN (SELECT id FROM picked);
DELETE FROM transactionaccountingline WHERE transaction IN (SELECT id FROM picked);
