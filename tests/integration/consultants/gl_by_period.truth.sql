WITH posted AS (
    SELECT postingperiod AS period, line.account, count(DISTINCT transaction) AS transactions,
           coalesce(sum(debit), 0) AS debit, coalesce(sum(credit), 0) AS credit, sum(amount) AS net
    FROM transactionaccountingline AS line SEMI JOIN (
        SELECT id FROM accountingbook WHERE isprimary = 'T') AS book ON book.id = accountingbook
    JOIN (SELECT id, postingperiod FROM transaction) AS header ON header.id = line.transaction
    WHERE posting = 'T'
    GROUP BY ALL
)
SELECT period, account, periodname, strftime(startdate, '%Y-%m-%d') AS period_start, acctnumber,
       accountsearchdisplaynamecopy AS account_name, longname AS account_type,
       transactions, debit, credit, net
FROM posted JOIN account ON account.id = account JOIN accounttype ON accounttype.id = accttype
JOIN accountingperiod ON accountingperiod.id = period
WHERE isyear = 'F' AND isquarter = 'F'
