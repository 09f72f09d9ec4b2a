SELECT id, concat_ws(' ', acctnumber, acctname) AS title,
       CASE WHEN regexp_matches(accttype, '^(Bank|.*Asset|AcctRec|UnbilledRec|COGS|.*Expense)$')
            THEN 'debit' ELSE 'credit' END AS side,
       coalesce(moved, 0) AS balance, CASE WHEN moved > 0 THEN moved ELSE 0 END AS debit_balance,
       CASE WHEN moved < 0 THEN -moved ELSE 0 END AS credit_balance
FROM account LEFT JOIN (
    SELECT line.account, sum(amount) AS moved FROM transactionaccountingline AS line, transaction AS t
    WHERE line.transaction = t.id AND line.posting = 'T' AND accountingbook = 1 AND postingperiod IN (
        SELECT id FROM accountingperiod WHERE enddate < DATE '2026-01-01')
    GROUP BY line.account
) AS movement ON movement.account = account.id
WHERE issummary IS DISTINCT FROM 'T'
