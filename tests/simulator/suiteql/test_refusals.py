"""What is refused, in NetSuite's words."""

import pytest

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator
from tests.simulator.client import ask, refusal, rows

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT id FROM nowhere", "Invalid search type: nowhere."),
        ("SELECT id FROM Email", "Invalid search type: Email."),
        (
            "SELECT id FROM inventorybalance",
            "Search error occurred: Record 'inventorybalance' was not found.",
        ),
        (
            "SELECT nope FROM transaction",
            (
                "Search error occurred: Unknown identifier 'nope'. "
                "Available identifiers are: {transaction=transaction}."
            ),
        ),
        (
            "SELECT t.nope FROM transaction t LEFT JOIN subsidiary s ON s.id = t.id",
            (
                "Search error occurred: Unknown identifier 'nope'. "
                "Available identifiers are: {t=transaction, s=subsidiary}."
            ),
        ),
        (
            "SELECT x.id FROM transaction t",
            (
                "Search error occurred: Unknown identifier 'x'. "
                "Available identifiers are: {t=transaction}."
            ),
        ),
        (
            "SELECT Nope FROM Subsidiary",
            (
                "Search error occurred: Unknown identifier 'Nope'. "
                "Available identifiers are: {subsidiary=Subsidiary}."
            ),
        ),
        (
            "SELECT subtotal FROM transaction",
            (
                "Search error occurred: Field 'subtotal' for record 'transaction' was not found. "
                "Reason: NOT_EXPOSED"
            ),
        ),
    ],
)
def test_unknown_names(shared: Simulator, query: str, sentence: str) -> None:
    assert refusal(shared, query) == sentence


@pytest.mark.parametrize(
    "query",
    [
        "WITH t AS (SELECT id FROM transaction) SELECT id FROM t",
        "SELECT LCASE(memo) FROM transaction",
        "SELECT LISTAGG(memo, ',') FROM transaction",
        "SELECT SUBSTRING(memo, 1, 2) FROM transaction",
        "SELECT memo + 'x' FROM transaction",
        "SELECT id FROM transaction WHERE trandate >= '1/1/2026'",
        "SELECT id FROM transaction WHERE trandate >= DATE '2026-01-01'",
        "SELECT t.id FROM transaction t, subsidiary s JOIN subsidiary r ON r.id = s.id",
        "SELECT id FROM transaction WHERE id = ?",
        "SELECT id FROM transaction WHERE id = :name",
        "SELECT TO_CHAR(trandate, 'nonsense') FROM transaction",
        "SELECT ROW_NUMBER() FROM transaction",
        "DELETE FROM transaction",
        "DROP TABLE transaction",
        'SELECT id FROM (SELECT t.id "Id" FROM transaction t)',
        'SELECT id FROM (SELECT "T".id FROM transaction t)',
        "SELECT id FROM transaction WHERE trandate > id",
        "SELECT id FROM transaction WHERE trandate IN ('1/1/2026')",
        "SELECT id FROM transaction WHERE id BETWEEN 1 AND trandate",
        "SELECT id FROM transaction, subsidiary WHERE id = 1",
        "SELECT t.id FROM transaction t, transaction t",
        "SELECT id > 1 AS is_more FROM transaction",
        "SELECT id FROM transaction WHERE id",
        "SELECT id FROM transaction WHERE NOT id",
        "SELECT id FROM transaction WHERE (id = 1) = (id = 2)",
        "SELECT CASE WHEN id THEN 1 END FROM transaction",
        "SELECT id FROM transaction ORDER BY 2 ASC",
        "SELECT id FROM transaction ORDER BY 0 ASC",
        "SELECT id, COUNT(*) AS n FROM transaction GROUP BY 1",
        "SELECT entity AS e, COUNT(*) AS n FROM transaction GROUP BY entity HAVING memo = 'x'",
        "SELECT id FROM transaction UNION SELECT name FROM subsidiary",
        "SELECT id FROM transaction NATURAL JOIN subsidiary",
        "SELECT name FROM transaction JOIN subsidiary USING (id)",
        "SELECT t.id FROM transaction t JOIN subsidiary s",
        "SELECT TOP 5 PERCENT id FROM transaction",
        "SELECT id FROM transaction FETCH FIRST 5 ROWS WITH TIES",
        "SELECT id FROM transaction FETCH FIRST 5 PERCENT ROWS ONLY",
        "SELECT id FROM transaction FOR UPDATE",
        "SELECT id FROM transaction WHERE (id, entity) IN ((1, 2, 3))",
        "SELECT id FROM transaction WHERE id IN ((1, 2))",
        "SELECT x.* FROM transaction t",
        "SELECT * FROM transaction PIVOT (MAX(id) FOR entity IN (1))",
        "SELECT id FROM other.transaction",
        "SELECT 1 / 0 FROM dual",
        "SELECT id / (id - 1) FROM transaction",
        "SELECT id FROM transaction WHERE 1 / (id - 7) > 0",
        "SELECT POWER(10, 400) FROM dual",
        "SELECT id FROM transaction WHERE REGEXP_LIKE(tranid, '[')",
        "SELECT id FROM transaction WHERE tranid LIKE 'a' ESCAPE 'ab'",
        "SELECT id FROM transaction UNION SELECT id, name FROM subsidiary",
        "SELECT DISTINCT memo FROM transaction ORDER BY id ASC",
        "SELECT id FROM transaction WHERE id IN (SELECT id, name FROM subsidiary)",
        "SELECT (SELECT id FROM subsidiary) AS s FROM transaction",
        "SELECT TO_NUMBER(tranid) FROM transaction",
        "SELECT id, COUNT(*) FROM transaction",
        "SELECT MAX(id) KEEP (DENSE_RANK LAST ORDER BY trandate ASC) FROM transaction",
        "SELECT COUNT(*) KEEP (DENSE_RANK FIRST ORDER BY id ASC) FROM transaction",
        "SELECT MIN(id) KEEP (DENSE_RANK LAST ORDER BY id) OVER (ORDER BY id) FROM transaction",
        "SELECT MAX(id) OVER w FROM transaction",
    ],
)
def test_unsupported_forms(shared: Simulator, query: str) -> None:
    assert refusal(shared, query) == UNSUPPORTED


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("SELECT id FROM transaction LIMIT 5", "5(1,34"),
        ("SELECT id FROM transaction t LIMIT 5 OFFSET 5", "LIMIT(1,30"),
        ("SELECT id FROM transaction t OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY", "OFFSET(1,30"),
        ("SELECT FROM transaction", "FROM(1,8"),
        ("SELECT id, FROM transaction", "FROM(1,12"),
        ("SELECT id FROM transaction WHERE id IN (1,)", ")(1,43"),
        ("SELECT [id] FROM transaction", "[(1,8"),
        ("SELECT id::int FROM transaction", "::(1,10"),
        ("SELECT 1 FROM dual;", ";(1,19"),
        ("SELECT 1 FROM dual; DROP TABLE transaction", ";(1,19"),
        ("SELECT id\r\nFROM transaction\nWHERE id = 'a' AND", "AND(3,16"),
        ("SELECT id FROM transaction t WHERE id = 7 7", "7(1,43"),
        ("SELECT id FROM transaction WHERE memo = 'it's'", "'(1,46"),
        ("nonsense of a text", "nonsense(1,1"),
        ("SELEC id FROM transaction", "SELEC(1,1"),
    ],
)
def test_what_is_no_suiteql_is_repeated_with_the_place(
    shared: Simulator, query: str, near: str
) -> None:
    expected = f"Failed to parse SQL [{query}]: syntax error, state:0(10102) near: {near}, "
    assert refusal(shared, query) == expected + "token code:0)"


def test_a_thousand_items_are_the_most(shared: Simulator) -> None:
    query = "SELECT id FROM transaction WHERE id IN ({}) ORDER BY id ASC"
    items = [str(number) for number in range(1, 1002)]
    assert len(rows(shared, query.format(", ".join(items[:1000])))) == 1000
    assert refusal(shared, query.format(", ".join(items))) == UNSUPPORTED


def test_more_than_a_hundred_columns_are_answered_with_nothing(shared: Simulator) -> None:
    def query(columns: int) -> str:
        items = ", ".join(f"id AS c{number}" for number in range(columns))
        return f"SELECT {items} FROM transaction WHERE id = 1"  # noqa: S608  # a test's own

    assert len(rows(shared, query(100))[0]) == 100
    answer = ask(shared, query(101))
    assert (answer.status_code, answer.json()["totalResults"], answer.json()["items"]) == (
        200,
        0,
        [],
    )


def test_a_hidden_table_looks_like_a_missing_one(account: Simulator) -> None:
    account.hide("Subsidiary")
    expected = "Search error occurred: Record 'subsidiary' was not found."
    assert refusal(account, "SELECT id FROM subsidiary") == expected
    account.show("subsidiary")
    assert rows(account, "SELECT name FROM subsidiary WHERE id = 1") == [{"name": "North"}]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (
            ColumnRefusal.NOT_EXPOSED,
            "Field 'memo' for record 'transaction' was not found. Reason: NOT_EXPOSED",
        ),
        (
            ColumnRefusal.REMOVED,
            "Field 'memo' for record 'transaction' was not found. Reason: REMOVED",
        ),
        (ColumnRefusal.UNKNOWN, "Unknown identifier 'memo'. "),
        (ColumnRefusal.UNSUPPORTED, "Search error occurred: Invalid or unsupported search."),
    ],
)
def test_a_column_can_be_kept_from_the_role(
    account: Simulator, how: ColumnRefusal, words: str
) -> None:
    query = "SELECT t.memo FROM transaction t WHERE t.id = 3"
    assert rows(account, query) == [{"memo": 'say "hi"'}]
    account.refuse("transaction", "memo", how)
    assert words in refusal(account, query)
    assert "memo" not in rows(account, "SELECT * FROM transaction WHERE id = 3")[0]


def test_a_bad_column_may_upset_netsuite(account: Simulator) -> None:
    account.refuse("transaction", "memo", ColumnRefusal.UNEXPECTED)
    response = ask(account, "SELECT memo FROM transaction")
    assert response.status_code == 500
    assert response.json()["o:errorDetails"][0]["o:errorCode"] == "UNEXPECTED_ERROR"


def test_the_envelope_of_a_refusal(shared: Simulator) -> None:
    body = ask(shared, "SELECT nope FROM transaction").json()
    assert list(body) == ["type", "title", "status", "o:errorDetails"]
    assert body["type"] == "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"
    assert (body["title"], body["status"]) == ("Bad Request", 400)
    [entry] = body["o:errorDetails"]
    assert list(entry) == ["detail", "o:errorQueryParam", "o:errorCode"]
    assert (entry["o:errorQueryParam"], entry["o:errorCode"]) == ("q", "INVALID_PARAMETER")
