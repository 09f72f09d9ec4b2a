-- The general ledger of the primary book: each account's movement in each period.
SELECT
    ap.id AS period,
    a.id AS account,
    ap.periodname,
    TO_CHAR(ap.startdate, 'YYYY-MM-DD') AS period_start,
    a.acctnumber,
    a.accountsearchdisplaynamecopy AS account_name,
    BUILTIN.DF(a.accttype) AS account_type,
    COUNT(DISTINCT t.id) AS transactions,
    SUM(NVL(tal.debit, 0)) AS debit,
    SUM(NVL(tal.credit, 0)) AS credit,
    SUM(tal.amount) AS net
FROM transactionaccountingline tal
INNER JOIN transaction t ON t.id = tal.transaction
INNER JOIN account a ON a.id = tal.account
INNER JOIN accountingperiod ap ON ap.id = t.postingperiod
INNER JOIN accountingbook ab ON ab.id = tal.accountingbook
WHERE tal.posting = 'T'
  AND ab.isprimary = 'T'
  AND ap.isyear = 'F'
  AND ap.isquarter = 'F'
GROUP BY ap.id, a.id, ap.periodname, ap.startdate, a.acctnumber,
         a.accountsearchdisplaynamecopy, BUILTIN.DF(a.accttype)
