"""What fuzzing found, and what was feared: too deep, too long, too much, absurd."""

import pytest
from sqlglot import exp

from tap_netsuite_tba.simulator import Simulator, Switches
from tap_netsuite_tba.simulator.suiteql import engine
from tap_netsuite_tba.simulator.suiteql.parse import parse as as_tree
from tap_netsuite_tba.simulator.suiteql.template import Template
from tests.simulator.answers import SECONDS, asked, check, send
from tests.simulator.client import ask, detail, rows


@pytest.mark.parametrize(
    "query",
    [
        "(" * 50_000,
        "SELECT " + "(" * 900 + "1" + ")" * 900 + " FROM dual",
        "SELECT " + "- " * 3000 + "1 FROM dual",
        "SELECT 1 FROM dual WHERE " + "NOT " * 3000 + "1 = 1",
        "SELECT " + "CASE WHEN 1 = 1 THEN " * 300 + "1" + " END" * 300 + " FROM dual",
        "SELECT 1 FROM " + "(SELECT 1 FROM " * 200 + "dual" + ")" * 200,
        "SELECT " + "ABS(" * 400 + "1" + ")" * 400 + " FROM dual",
        "SELECT 1" + " + 1" * 3000 + " FROM dual",
        "SELECT 1 FROM dual" + " UNION ALL SELECT 1 FROM dual" * 400,
        "SELECT 1" + " / (1" * 40 + ")" * 40 + " FROM dual",
        "SELECT " + "CASE " * 30 + "1" + " WHEN 1 THEN 1 WHEN 2 THEN 2 END" * 30 + " FROM dual",
        "/*" * 90_000,
        "'" * 99_999,
        '"' * 99_999,
        "SELECT " + "?," * 5000,
        "TO_DATE(" * 20_000,
        "SELECT * FROM transaction WHERE id = " + "9" * 5000,
        "x" * 1_000_000,
    ],
    ids=lambda query: query[:30] if isinstance(query, str) else "",
)
def test_what_is_too_deep_or_too_long_is_refused_quickly(shared: Simulator, query: str) -> None:
    assert "o:errorDetails" in asked(shared, query)


def test_a_long_chain_of_conditions_is_answered(shared: Simulator) -> None:
    chain = " OR ".join(f"id = {number}" for number in range(1, 1500))
    assert asked(shared, f"SELECT id FROM transaction WHERE {chain}")["totalResults"] == 1499  # noqa: S608  # a test's own


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"q":' * 50_000,
        b'{"q": "SELECT 1 FROM dual", "params": [1e400]}',
        b'{"q": "SELECT ? FROM dual", "params": [NaN]}',
        b'{"q": "SELECT ? FROM dual", "params": [' + b"9" * 5000 + b"]}",
        b'{"q": "SELECT \\ud800 FROM dual"}',
        b'{"q": "SELECT \\u0000 FROM dual"}',
        b'{"q": "SELECT \'\\ud83d\' FROM dual"}',
        b'{"q": "SELECT 1 FROM dual", "q": 7}',
        b'\xff\xfe{\x00"\x00',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_absurd_bodies_are_refused(shared: Simulator, body: bytes) -> None:
    assert "o:errorDetails" in check(shared, send(shared, body))


def test_names_and_texts_of_any_kind_come_out_as_json(account: Simulator) -> None:
    account.sql("CREATE TABLE customrecord_odd (a VARCHAR, n DECIMAL(38, 10), d DOUBLE)")
    odd = "".join(map(chr, [*range(1, 40), 0x7F, 0x2028, 0xFEFF, 0x1F600])) + '"\\\r\n\u201c'
    number = "1234567890123456789012345678.0123456789"
    account.sql("INSERT INTO customrecord_odd VALUES (?, ?, 1e300)", [odd, number])
    query = 'SELECT a AS "b""\\\n\'\u00e4", n, d, \'links\' AS links FROM customrecord_odd'
    [row] = asked(account, query)["items"]
    assert row == {"links": [], "b\"\\\n'\u00e4": odd, "n": number, "d": "1" + "0" * 300}


@pytest.mark.parametrize("text", ["", ",", '","', '":""', ',"b":""', '\\","', "[]"])
def test_an_empty_text_is_absent_whatever_stands_beside_it(account: Simulator, text: str) -> None:
    account.sql("CREATE TABLE customrecord_odd (a VARCHAR, b VARCHAR, c VARCHAR)")
    account.sql("INSERT INTO customrecord_odd VALUES (?, '', ?)", [text, text])
    expected = {"a": text, "c": text} if text else {}
    assert rows(account, "SELECT a, b, c FROM customrecord_odd WHERE b IS NULL") == [expected]


def test_what_runs_away_is_stopped(account: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LONGEST_WORK", 0.3)
    query = (
        "SELECT COUNT(*) AS n FROM transaction a, transaction b, transaction c"
        " WHERE a.id + b.id > c.id"
    )
    response = ask(account, query, timeout=SECONDS)
    assert response.status_code == 500
    assert detail(response).startswith("An unexpected error occurred. Error ID: ")
    assert rows(account, "SELECT name FROM subsidiary WHERE id = 1") == [{"name": "North"}]


def test_a_query_in_use_stays_translated(
    account: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def parse(template: Template, switches: Switches) -> exp.Query:
        parsed.append(template.written)
        return as_tree(template, switches)

    monkeypatch.setattr(engine, "parse", parse)
    monkeypatch.setattr(engine, "_KEPT_STATEMENTS", 3)
    hot = "SELECT id FROM transaction WHERE id BETWEEN {} AND {} AND entity < {}"
    for number in range(1, 7):
        assert rows(account, hot.format(number, number, 10)) == [{"id": str(number)}]
        assert rows(account, f"SELECT {number} AS id FROM dual") == [{"id": str(number)}]  # noqa: S608  # a test's own
    assert [text for text in parsed if "transaction" in text] == [hot.format(1, 1, 10)]
    assert len(parsed) == 7


def test_a_query_never_reaches_beyond_the_tables(shared: Simulator) -> None:
    for query in (
        "SELECT * FROM duckdb_settings",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT read_text('/etc/passwd') FROM dual",
        "SELECT current_setting('threads') FROM dual",
        "SELECT 1 FROM dual t(x)",
        "SELECT 1 FROM '/etc/passwd'",
        'SELECT 1 FROM "/etc/passwd"',
        "COPY transaction TO 'x'",
    ):
        assert "o:errorDetails" in asked(shared, query)
