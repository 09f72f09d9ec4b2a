SELECT acct.id,
       acct.acctnumber || ' ' || acct.acctname AS title,
       CASE WHEN acct.accttype IN ('Bank', 'AcctRec', 'OthCurrAsset', 'FixedAsset', 'OthAsset',
                                   'COGS', 'Expense', 'OthExpense', 'DeferExpense', 'UnbilledRec')
            THEN 'debit' ELSE 'credit' END AS side,
       NVL(SUM(line.amount), 0) AS balance,
       GREATEST(NVL(SUM(line.amount), 0), 0) AS debit_balance,
       ABS(LEAST(NVL(SUM(line.amount), 0), 0)) AS credit_balance
FROM account acct
LEFT JOIN (
    SELECT tal.account, tal.amount
    FROM transactionaccountingline tal
    JOIN transaction t ON tal.transaction = t.id
    JOIN accountingperiod p ON t.postingperiod = p.id
    WHERE tal.posting = 'T' AND tal.accountingbook = 1
      AND p.enddate <= TO_DATE('31.12.2025', 'DD.MM.YYYY')
) line ON line.account = acct.id
WHERE NVL(acct.issummary, 'F') = 'F'
GROUP BY acct.id, acct.acctnumber || ' ' || acct.acctname,
         CASE WHEN acct.accttype IN ('Bank', 'AcctRec', 'OthCurrAsset', 'FixedAsset', 'OthAsset',
                                     'COGS', 'Expense', 'OthExpense', 'DeferExpense', 'UnbilledRec')
              THEN 'debit' ELSE 'credit' END
