"""What a discovery makes of a query that NetSuite refuses inside of another SELECT."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.simulator import Fault, FaultKind, Simulator
from tap_netsuite_tba.tables import ColumnType
from tests.discovery.asked_queries import Asked, asking, refusal

TEXT = (
    "SELECT t.id, t.trandate, TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD') AS day, "
    "t.lastmodifieddate AS changed, t.posting, COUNT(*) OVER (PARTITION BY t.type) AS n "
    "FROM transaction t ORDER BY t.id ASC;"
)


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with Simulator(transactions=300) as account:
        account.faults.add(Fault(FaultKind.REFUSED, text="FROM (SELECT", times=None))
        with asking(account) as asked:
            yield asked


def test_it_is_read_as_it_is_written_and_that_is_said_once(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    found = asked.found(OwnQuery("mine", TEXT, ("id",), "changed"))
    assert found.as_written == TEXT[:-1]
    assert (found.key, found.cursor, found.is_read_by_ranges) == (("id",), None, False)
    assert {column.name: column.type for column in found.columns} == {
        "id": ColumnType.INTEGER,
        "trandate": ColumnType.TEXT,
        "day": ColumnType.TEXT,
        "changed": ColumnType.TEXT,
        "posting": ColumnType.BOOLEAN,
        "n": ColumnType.DECIMAL,
    }
    [said] = caplog.messages
    assert "The query mine is read as it is written, whole in each run" in said
    assert "Invalid or unsupported search" in said
    assert "replication_key changed is not used" in said
    assert "Dates come as texts" in said
    assert said.endswith("which TO_CHAR would give: trandate, changed.")


def test_it_takes_two_questions_in_parentheses_and_two_of_the_query_alone(asked: Asked) -> None:
    asked.found(OwnQuery("mine", TEXT, ("id",)))
    in_parentheses, *others = asked.texts
    assert others == [TEXT[:-1], in_parentheses, TEXT[:-1]]


def test_why_it_is_refused_is_said_where_that_is_known(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    asked.found(OwnQuery("mine", 'SELECT t.id AS "id" FROM transaction t', ("id",)))
    assert 'SuiteQL takes no alias in double quotes, "id", inside of another' in caplog.text


@pytest.mark.parametrize(
    ("text", "keys", "words"),
    [
        ("SELECT t.id, t.type AS kind FROM transaction t", ("kind",), "kind SalesOrd comes "),
        ("SELECT t.id, NULL AS k FROM transaction t", ("k",), "k, which primary_keys name, is"),
        ("SELECT t.id, t.type AS sdc_kind FROM transaction t", (), "does not begin with"),
        ("SELECT t.* FROM subsidiary t", ("id",), "The query alone is taken"),
        ("SELECT t.id FROM transaction t", ("ids",), "It has no column ids"),
    ],
)
def test_what_cannot_be_told_of_it_leaves_it_out(
    asked: Asked, text: str, keys: tuple[str, ...], words: str
) -> None:
    assert words in refusal(asked, OwnQuery("mine", text, keys))


def test_more_rows_than_netsuite_reaches_are_refused(asked: Asked) -> None:
    def fetch(query: Query) -> Page:
        page = asked.fetch(query)
        return replace(page, total_results=120_000, has_more=True)

    said = refusal(Asked(fetch), OwnQuery("mine", TEXT, ("id",)))
    assert "only 100000 of its 120000 rows" in said
    assert said.endswith("Leave rows out by WHERE, or write it more simply.")


def test_what_more_than_a_page_costs_is_said(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        return replace(asked.fetch(query), total_results=2500, has_more=True)

    Asked(fetch).found(OwnQuery("mine", TEXT, ("id",)))
    assert "for each 1000 of its 2500 rows, and once more to compare" in caplog.text


def test_some_rows_that_no_order_tells_are_refused_if_they_are_more_than_a_page(
    asked: Asked,
) -> None:
    def fetch(query: Query) -> Page:
        return replace(asked.fetch(query), total_results=2500, has_more=True)

    text = "SELECT TOP 2500 t.id FROM transaction t"
    assert "not in a certain order" in refusal(Asked(fetch), OwnQuery("mine", text, ("id",)))


def test_types_that_are_set_are_kept_where_the_values_fit(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    text = (
        "SELECT TO_CHAR(t.id) AS id, t.trandate, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS born, "
        "TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, t.lastmodifieddate AS changed, "
        'TO_CHAR(t.lastmodifieddate, \'YYYY-MM-DD"T"HH24:MI:SS"Z"\') AS saved '
        "FROM transaction t"
    )
    kinds = {
        "born": ColumnType.DATE,
        "day": ColumnType.DATE,
        "changed": ColumnType.DATETIME,
        "saved": ColumnType.DATETIME,
    }
    found = asked.found(OwnQuery("mine", text, ("id",), column_types=kinds))
    assert {column.name: column.type for column in found.columns} == {
        "id": ColumnType.TEXT,
        "trandate": ColumnType.TEXT,
        "born": ColumnType.DATE,
        "day": ColumnType.TEXT,
        "changed": ColumnType.TEXT,
        "saved": ColumnType.DATETIME,
    }
    [said] = caplog.messages
    assert "The column_types of day, changed are not used" in said
    assert said.endswith("which TO_CHAR would give: trandate.")
