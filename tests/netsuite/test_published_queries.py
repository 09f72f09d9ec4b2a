"""Queries of the kind that consultants publish: none is misread, refused or warned of wrongly."""

import pytest

from tap_netsuite_tba.discovery.query_checks import check_text, warn_of_text
from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.netsuite.traps import traps
from tap_netsuite_tba.own_queries import OwnQuery

ANALYTIC = {
    "SELECT t.id, ROW_NUMBER() OVER (PARTITION BY t.entity ORDER BY t.trandate DESC) AS rn "
    "FROM transaction t": "id rn",
    "SELECT t.id, SUM(t.foreigntotal) OVER (PARTITION BY t.entity ORDER BY t.trandate "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM transaction t": "id running",
    "SELECT t.id, LAG(t.trandate, 1) OVER (ORDER BY t.id) before FROM transaction t": "id before",
    "SELECT FIRST_VALUE(t.memo) IGNORE NULLS OVER (ORDER BY t.id) AS fv FROM transaction t": "fv",
    "SELECT COUNT(*) OVER () AS total, RATIO_TO_REPORT(t.id) OVER () r, t.id FROM transaction t": (
        "total r id"
    ),
}
GROUPED = {
    "SELECT t.entity, MAX(t.tranid) KEEP (DENSE_RANK LAST ORDER BY t.trandate) AS last_no "
    "FROM transaction t GROUP BY t.entity": "entity last_no",
    "SELECT GROUPING(t.type) AS g, t.type, COUNT(*) n FROM transaction t GROUP BY ROLLUP(t.type)": (
        "g type n"
    ),
    "SELECT t.entity, COUNT(DISTINCT t.id) AS n FROM transaction t GROUP BY t.entity "
    "HAVING COUNT(*) > 5 ORDER BY COUNT(DISTINCT t.id) DESC": "entity n",
    "SELECT a.acctnumber, SUM(CASE WHEN p.periodname = 'Jan 24' THEN l.amount ELSE 0 END) AS jan, "
    "SUM(DECODE(p.periodname, 'Feb 2024', l.amount, 0)) feb FROM transactionaccountingline l "
    "JOIN transaction t ON t.id = l.transaction JOIN accountingperiod p ON p.id = t.postingperiod "
    "JOIN account a ON a.id = l.account WHERE l.posting = 'T' GROUP BY a.acctnumber": (
        "acctnumber jan feb"
    ),
    "SELECT i.id, NVL(SUM(s.quantityonhand), 0) AS onhand FROM item i "
    "LEFT OUTER JOIN inventoryitemlocations s ON s.item = i.id GROUP BY i.id": "id onhand",
    "SELECT BUILTIN.DF(t.status) AS status, COUNT(*) cnt FROM transaction t "
    "GROUP BY BUILTIN.DF(t.status)": "status cnt",
    "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY t.foreigntotal) AS median, t.entity "
    "FROM transaction t GROUP BY t.entity": "median entity",
}
BUILTINS = {
    "SELECT t.id, BUILTIN.CURRENCY_CONVERT(t.foreigntotal, 1) AS usd FROM transaction t": (
        "id usd"
    ),
    "SELECT l.transaction, BUILTIN.CONSOLIDATE(l.amount, 'LEDGER', 'DEFAULT', 'DEFAULT', 1, "
    "t.postingperiod, 'DEFAULT') AS amount FROM transactionaccountingline l "
    "INNER JOIN transaction t ON t.id = l.transaction": "transaction amount",
    "SELECT a.id, BUILTIN.HIERARCHY(a.id, 'DISPLAY_JOINED') AS path FROM account a": "id path",
    "SELECT t.id FROM transaction t WHERE t.trandate >= BUILTIN.RELATIVE_RANGES('TMTD', 'START')": (
        "id"
    ),
    "SELECT t.id FROM transaction t WHERE t.trandate BETWEEN BUILTIN.RELATIVE_RANGES('LFY', "
    "'START') AND BUILTIN.RELATIVE_RANGES('LFY', 'END')": "id",
    "SELECT t.id, BUILTIN.CF(t.status) AS st FROM transaction t "
    "WHERE BUILTIN.CF(t.status) IN ('SalesOrd:B', 'SalesOrd:D')": "id st",
    "SELECT t.id FROM transaction t WHERE BUILTIN.DF(t.status) = 'Sales Order : Billed'": "id",
    "SELECT BUILTIN_RESULT.TYPE_INTEGER(t.id) AS id /*{id#RAW}*/ FROM transaction t": "id",
    "SELECT t.id FROM transaction t WHERE t.entity IN (BUILTIN.NAMED_GROUP('me', 'x'))": "id",
}
NESTED = {
    "SELECT id, 'C' AS kind FROM customer UNION ALL SELECT id, 'V' FROM vendor": "id kind",
    "SELECT u.id FROM (SELECT id FROM customer UNION SELECT id FROM vendor) u ORDER BY u.id": "id",
    "(SELECT id FROM customer) MINUS (SELECT entity FROM transaction)": "id",
    "SELECT c.id FROM customer c WHERE EXISTS (SELECT 1 FROM transaction WHERE entity = c.id)": (
        "id"
    ),
    "SELECT c.id FROM customer c WHERE NOT EXISTS (SELECT * FROM transaction t, item i)": "id",
    "SELECT c.id, (SELECT MAX(t.trandate) FROM transaction t WHERE t.entity = c.id) AS last, "
    "(SELECT COUNT(*) FROM transaction t WHERE t.entity = c.id) orders FROM customer c": (
        "id last orders"
    ),
    "SELECT x.id, x.n FROM (SELECT t.entity AS id, COUNT(*) AS n FROM transaction t "
    "GROUP BY t.entity) x WHERE x.n > 10": "id n",
    "SELECT t.id FROM transaction t WHERE (t.type, t.status) IN (('SalesOrd','B'),('Bill','D'))": (
        "id"
    ),
    "SELECT LEVEL AS lvl, a.id, CONNECT_BY_ROOT a.id AS root, SYS_CONNECT_BY_PATH(a.id, '/') p "
    "FROM account a START WITH a.parent IS NULL CONNECT BY NOCYCLE PRIOR a.id = a.parent": (
        "lvl id root p"
    ),
    "SELECT p.id AS id, n.id AS next FROM transaction p JOIN nexttransactionlink l "
    "ON (l.previousdoc = p.id) JOIN transaction n ON n.id = l.nextdoc": "id next",
    "SELECT x.day FROM (SELECT TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day FROM transaction t) x "
    "WHERE x.day >= '2024-01-01'": "day",
}
COMPUTED = {
    "SELECT CASE WHEN t.type = 'CustInvc' THEN CASE t.status WHEN 'A' THEN 'open' ELSE 'paid' END "
    "ELSE 'other' END AS state, t.id FROM transaction t": "state id",
    "SELECT CASE t.type WHEN 'CustInvc' THEN 1 ELSE 0 END is_invoice FROM transaction t": (
        "is_invoice"
    ),
    "SELECT NVL(t.memo, 'none; really') AS memo, NVL2(t.memo, 1, 0) has_memo, "
    "DECODE(t.type, 'SalesOrd', 'SO', t.type) AS kind FROM transaction t": "memo has_memo kind",
    "SELECT t.foreigntotal * -1 AS total, t.foreigntotal/NULLIF(t.exchangerate,0) base, "
    "COALESCE(t.foreigntotal, 0) + 1.5e3 AS x FROM transaction t": "total base x",
    "SELECT EXTRACT(YEAR FROM t.trandate) AS y, TO_CHAR(t.trandate, 'IW') AS week, "
    "ROUND(MONTHS_BETWEEN(SYSDATE, t.trandate), 1) age FROM transaction t": "y week age",
    "SELECT TRUNC(t.trandate, 'MM') AS month, LAST_DAY(t.trandate) AS eom, "
    "INTERVAL '1' DAY + t.trandate AS nextday FROM transaction t": "month eom nextday",
    "SELECT CAST(t.foreigntotal AS NUMBER(12,2)) AS amt, CAST(t.id AS VARCHAR2(20)) code "
    "FROM transaction t": "amt code",
    "SELECT REGEXP_SUBSTR(t.memo, '[^;]+', 1, 1) AS part, REGEXP_REPLACE(t.memo, '[\\[`]', '') p "
    "FROM transaction t": "part p",
    "SELECT 'T' AS flag, NULL AS nothing, 0 AS zero, SYSDATE AS now, CURRENT_DATE today, '' AS no "
    "FROM dual": "flag nothing zero now today no",
    'SELECT TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate), \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') AS utc '
    "FROM transaction t WHERE t.lastmodifieddate >= TO_TIMESTAMP('2024-01-01T00:00:00', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS')": "utc",
    "SELECT TO_CHAR(t.trandate, 'YYYY \"LIMIT 5\"') AS m, TO_CHAR(t.trandate, '\"WITH\" MM') w "
    "FROM transaction t": "m w",
    "SELECT t.id FROM transaction t WHERE TRUNC(t.lastmodifieddate) = TRUNC(SYSDATE) - 1 AND "
    "t.trandate < ADD_MONTHS(TO_DATE('2024-01-01', 'YYYY-MM-DD'), 12)": "id",
    "SELECT LTRIM(RTRIM(t.memo)) memo, SUBSTR(t.memo, 1, 5) || '…' short FROM transaction t": (
        "memo short"
    ),
}
WRITTEN = {
    "SELECT t.id, -- the key\n t.tranid /* number, of it */, t.memo FROM transaction -- LIMIT 1": (
        "id tranid memo"
    ),
    "SELECT /*+ FIRST_ROWS */ t.id FROM transaction t": "id",
    "SELECT t.id,\r\n\tt.tranid\r\nFROM transaction t\r\nWHERE t.type = 'SalesOrd'\r\n-- so\r\n": (
        "id tranid"
    ),
    "select\tT.ID\tas\tKEY\tfrom\tTRANSACTION\tT;": "key",
    "SELECT q'[it's; LIMIT 5 (]' AS a, Q'!x ' FROM y!' b, nq'{`}' c, q'<'>' d FROM dual": "a b c d",
    "SELECT N'é' AS x, t.memo || ' Müller & Söhne 日本' AS y FROM transaction t": "x y",
    "SELECT t.id FROM transaction t WHERE t.memo = 'O''Brien' AND t.tranid = ''''": "id",
    "SELECT t.id from transaction t where t.memo like 'with %' or t.memo like '%limit 5%'": "id",
    "SELECT t.memo FROM transaction t WHERE t.memo LIKE '%:%' AND t.status = 'B'": "memo",
    "SELECT t.id, ? AS p FROM transaction t WHERE t.id = ?": "id p",
}
NAMED = {
    "SELECT t.trandate AS date, t.tranid number, t.type type, t.status AS status, t.memo comment, "
    "t.entity AS user, t.id level FROM transaction t": (
        "date number type status comment user level"
    ),
    "SELECT t.trandate date, t.id rank FROM transaction t": "date rank",
    "SELECT creditlimit, limit, c.offset, companyname AS limit_name FROM customer c": (
        "creditlimit limit offset limit_name"
    ),
    "SELECT t.custbody_x$y AS c1, t.custbody#z c2, t.createdfrom.tranid AS c3 FROM transaction t": (
        "c1 c2 c3"
    ),
    "SELECT t.memo AS end, t.type AS order_type, t.id AS group_id FROM transaction t": (
        "end order_type group_id"
    ),
    'SELECT t."type", "t"."id" FROM "transaction" "t"': "type id",
    "SELECT Customer.id, Customer.email FROM Customer WHERE Customer.email IS NOT NULL": "id email",
    "SELECT t.id, c.id AS customer FROM transaction AS t LEFT JOIN customer AS c ON c.id = 1": (
        "id customer"
    ),
    "SELECT DISTINCT t.entity FROM transaction t ORDER BY t.entity NULLS LAST": "entity",
    "SELECT t.id FROM transaction t ORDER BY CASE WHEN t.status = 'A' THEN 0 ELSE 1 END, t.id "
    "FETCH FIRST 100 ROWS ONLY": "id",
    "SELECT TOP 10 t.id, t.tranid FROM transaction t ORDER BY t.id": "id tranid",
}
PUBLISHED = [
    pytest.param(text, names, id=text[7:60])
    for group in (ANALYTIC, GROUPED, BUILTINS, NESTED, COMPUTED, WRITTEN, NAMED)
    for text, names in group.items()
]


@pytest.mark.parametrize(("text", "names"), PUBLISHED)
def test_it_is_read_as_it_is_meant_and_nothing_is_said_of_it(
    text: str, names: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = outline(text)
    assert told.names == tuple(names.split())
    assert [trap.key for trap in traps(text) if trap.key != "quoted_name"] == []
    query = OwnQuery("mine", text, tuple(names.split()))
    check_text(query, told)
    warn_of_text(query, told)
    assert caplog.messages == []


@pytest.mark.parametrize("group", [ANALYTIC, GROUPED], ids=["analytic", "grouped"])
def test_what_needs_all_rows_is_never_run_by_ranges(group: dict[str, str]) -> None:
    assert not any(
        outline(text).has_rows_of_one_table(name)
        for text, names in group.items()
        for name in names.split()
    )
