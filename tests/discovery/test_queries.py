"""What a discovery finds of a query, by asking NetSuite for it as its stream will."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.queries import discover_queries
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import ColumnType, Form, Table
from tests.discovery.asked_queries import Asked, asking, refusal

INVOICES = OwnQuery(
    "invoices",
    "SELECT t.entity AS customer, COUNT(*) AS n, SUM(t.foreigntotal) AS total, "
    "MAX(t.lastmodifieddate) AS changed, MIN(t.trandate) AS first_day "
    "FROM transaction t WHERE t.type = 'CustInvc' GROUP BY t.entity ORDER BY t.entity; -- all",
    ("customer",),
)


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="module")
def asked(account: Simulator) -> Iterator[Asked]:
    with asking(account) as asked:
        yield asked


def types(table: Table) -> dict[str, ColumnType]:
    return {column.name: column.type for column in table.columns}


def test_the_columns_are_of_the_types_that_text_rows_and_times_of_day_tell(asked: Asked) -> None:
    found = asked.found(INVOICES)
    assert types(found) == {
        "customer": ColumnType.INTEGER,
        "n": ColumnType.INTEGER,
        "total": ColumnType.DECIMAL,
        "changed": ColumnType.DATETIME,
        "first_day": ColumnType.DATE,
    }
    assert (found.name, found.key, found.is_sequential) == ("invoices", ("customer",), True)


def test_it_takes_a_few_questions_of_which_the_last_is_over_no_rows(asked: Asked) -> None:
    asked.found(INVOICES)
    assert len(asked.texts) == 4
    assert "IS NULL AND t.customer IS NOT NULL" in asked.texts[-1]


def test_both_ends_of_a_longer_one_are_looked_at(asked: Asked) -> None:
    found = asked.found(OwnQuery("mine", "SELECT t.id, t.custbody12 FROM transaction t", ("id",)))
    order = [text.rpartition(" ORDER BY ")[2] for text in asked.texts]
    assert order[:2] == ["t.id DESC", "t.id ASC"]
    assert not found.is_sequential


def test_an_instant_without_a_time_zone_is_found_to_be_one(asked: Asked) -> None:
    text = (
        "SELECT TRUNC(t.id) AS id, CAST(t.lastmodifieddate AS DATE) AS changed FROM transaction t"
    )
    [_, changed] = asked.found(OwnQuery("mine", text, ("id",), "changed")).columns
    assert (changed.type, changed.form) == (ColumnType.DATETIME, Form.LOCAL)


def test_without_rows_the_text_tells_and_the_rest_is_said_to_be_guessed(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    text = (
        "SELECT t.entity, COUNT(*) AS n, MAX(t.memo) AS note FROM transaction t "
        "WHERE t.id < 0 GROUP BY t.entity"
    )
    found = asked.found(OwnQuery("mine", text, ("entity",)))
    assert [*types(found).values()] == [ColumnType.INTEGER, ColumnType.INTEGER, ColumnType.TEXT]
    assert "The query mine has no values of note in any row" in caplog.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            OwnQuery("mine", "SELECT t.entity, COUNT(*) FROM transaction t GROUP BY t.entity"),
            "The column COUNT(*) has no name",
        ),
        (
            OwnQuery("mine", "SELECT t.id, c.id FROM transaction t JOIN customer c ON 1 = 1"),
            "2 columns are called id",
        ),
        (OwnQuery("mine", "SELECT t.id AS links FROM transaction t"), "'links' can be no column"),
        (
            OwnQuery("mine", "SELECT t.id FROM transaction t", ("number",)),
            "It has no column number",
        ),
        (
            OwnQuery("mine", "SELECT t.id FROM transaction t", ("id",), "changed"),
            "It has no column changed",
        ),
        (OwnQuery("mine", "DELETE FROM customer"), "begins with SELECT"),
    ],
)
def test_what_the_text_alone_tells_is_said_and_netsuite_not_asked(
    asked: Asked, query: OwnQuery, words: str
) -> None:
    assert words in refusal(asked, query)
    assert asked.texts == []


def test_what_matches_nothing_is_warned_of(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    text = "SELECT t.id FROM transaction t WHERE t.status = 'SalesOrd:B'"
    asked.found(OwnQuery("mine", text, ("id",)))
    [said] = [each.getMessage() for each in caplog.records if "SalesOrd:B" in each.getMessage()]
    assert said.startswith("The query mine: ")


def test_some_rows_in_no_order_are_warned_of(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    some = "SELECT t.id FROM transaction t FETCH FIRST 5 ROWS ONLY"
    asked.found(OwnQuery("mine", some, ("id",)))
    assert "The query mine limits or numbers its rows" in caplog.text
    caplog.clear()
    asked.found(OwnQuery("mine", some.replace("FETCH", "ORDER BY t.id FETCH"), ("id",)))
    assert "only some" not in caplog.text


def test_pages_of_some_rows_in_no_order_would_be_of_others(asked: Asked) -> None:
    some = "SELECT t.id, i.id AS item FROM transaction t, item i FETCH FIRST 1200 ROWS ONLY"
    assert "not in a certain order" in refusal(asked, OwnQuery("mine", some, ("id", "item")))


@pytest.mark.parametrize(
    "moved",
    [
        "SYS_EXTRACT_UTC(t.lastmodifieddate)",
        "NEW_TIME(t.lastmodifieddate, 'PST', 'GMT')",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        "SELECT t.id, {} AS saved FROM transaction t",
        "SELECT u.id, u.utc AS saved FROM (SELECT t.id, {} AS utc FROM transaction t) u",
        "SELECT u.* FROM (SELECT t.id, {} AS saved FROM transaction t) u",
    ],
)
def test_an_instant_is_not_moved_to_another_time_zone_twice(
    asked: Asked, written: str, moved: str
) -> None:
    query = OwnQuery("mine", written.format(moved), ("id",))
    assert "saved is moved to another time zone" in refusal(asked, query)


def test_a_condition_by_time_zone_moves_nothing(asked: Asked) -> None:
    query = OwnQuery(
        "mine",
        "SELECT t.id, t.lastmodifieddate FROM transaction t "
        "WHERE SYS_EXTRACT_UTC(t.lastmodifieddate) >= TO_TIMESTAMP('2020-01-01', 'YYYY-MM-DD')",
        ("id",),
    )
    assert asked.found(query).columns[1].type is ColumnType.DATETIME


def test_a_text_of_an_instant_is_a_text(asked: Asked) -> None:
    hour = "TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate), 'HH24')"
    query = OwnQuery("mine", f"SELECT t.id, {hour} AS hour FROM transaction t", ("id",))  # noqa: S608 - ours
    assert asked.found(query).columns[1].type is ColumnType.TEXT


def test_netsuites_words_are_those_for_the_query_as_it_was_written(asked: Asked) -> None:
    said = refusal(asked, OwnQuery("mine", "SELECT t.idd FROM transaction t;", ("idd",)))
    assert "Unknown identifier 'idd'" in said
    assert asked.texts[-1] == "SELECT t.idd FROM transaction t"


def test_a_star_needs_rows(asked: Asked) -> None:
    said = refusal(asked, OwnQuery("mine", "SELECT * FROM transaction WHERE id < 0", ("id",)))
    assert "It has no rows, so nothing tells what its * stands for." in said


def test_what_a_star_was_taken_for_is_warned_of(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    asked.found(OwnQuery("mine", "SELECT c.id, c.name FROM currency c", ("id",)))
    assert caplog.messages == []
    star = "SELECT c.* FROM (SELECT id, NULL AS nothing, name FROM currency) c"
    found = asked.found(OwnQuery("mine", star, ("id",)))
    assert found.column_names == ("id", "name")
    [said] = caplog.messages
    assert "The query mine has a *, and" in said
    assert "these columns: id, name. Others are missing" in said


def test_a_star_lacks_a_column_that_is_to_be_the_key(asked: Asked) -> None:
    said = refusal(asked, OwnQuery("mine", "SELECT * FROM currency", ("number",)))
    assert "number" in said


def test_a_star_that_stands_for_a_name_that_no_query_can_write_is_refused(asked: Asked) -> None:
    def fetch(query: Query) -> Page:
        page = asked.fetch(query)
        return replace(page, items=page.items.replace(b'"symbol"', b'"sym-bol"'))

    with pytest.raises(Unreadable, match="columns whose names no query can write: 'sym-bol'"):
        Asked(fetch).found(OwnQuery("mine", "SELECT * FROM currency", ("id",)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "SELECT t.id, t.trandate AS day FROM transaction t",
            "It has no column dai, whose type column_types sets. Columns with names like it: day.",
        ),
        ("SELECT t.id, t.tranid AS _sdc_deleted_at FROM transaction t", "loaders' own"),
    ],
)
def test_columns_that_could_be_none_of_the_stream_are_told_before_it_is_asked(
    asked: Asked, text: str, words: str
) -> None:
    assert words in refusal(asked, OwnQuery("mine", text, ("id",), None, {"dai": ColumnType.TEXT}))
    assert asked.texts == []


def test_a_type_of_a_column_that_a_star_does_not_show_is_warned_of(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    types_ = {"simbol": ColumnType.TEXT}
    asked.found(OwnQuery("mine", "SELECT * FROM currency", ("id",), None, types_))
    said = "The query mine shows no column simbol, whose type column_types sets."
    assert f"{said} Columns with names like it: symbol." in caplog.messages


class TestReplicationKey:
    def test_one_of_instants_makes_it_incremental(self, asked: Asked) -> None:
        text = "SELECT t.id, t.lastmodifieddate AS changed FROM transaction t"
        assert asked.found(OwnQuery("mine", text, ("id",), "changed")).cursor == "changed"

    @pytest.mark.parametrize(
        ("expression", "words"),
        [
            ("t.trandate", "a date without time of day"),
            ("TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD')", "of type text"),
            ("t.entity", "of type integer"),
        ],
    )
    def test_any_other_is_refused_with_the_reason(
        self, asked: Asked, expression: str, words: str
    ) -> None:
        text = "SELECT t.id, ? AS changed FROM transaction t".replace("?", expression)
        said = refusal(asked, OwnQuery("mine", text, ("id",), "changed"))
        assert f"The replication_key changed is {words}" in said
        assert ('set column_types of the query to {"changed": "date-time"}' in said) == (
            "time of day" in words
        )


def test_one_that_cannot_be_read_does_not_keep_others_from_being_found(asked: Asked) -> None:
    workers = Workers(2)
    bad = OwnQuery("bad", "SELECT t.idd FROM transaction t")
    try:
        tables, left_out = discover_queries([bad, INVOICES], asked.fetch, workers, {})
    finally:
        workers.close()
    assert [table.name for table in tables] == ["invoices"]
    assert [each.stream for each in left_out] == ["bad"]
    assert "Unknown identifier 'idd'" in left_out[0].reason
