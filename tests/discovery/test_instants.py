"""Dates that are instants, and instants that are dates."""

import logging
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery.instants import with_true_dates, with_true_instants
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table
from tests.discovery.role import UNNAMED
from tests.discovery.rows import Rows, fault

DATE, DATETIME, TEXT = ColumnType.DATE, ColumnType.DATETIME, ColumnType.TEXT
ID = Column("id", ColumnType.INTEGER)
DAY, MOMENT = "8/5/2025", ("8/5/2025", "14:30:05")


def stated(name: str) -> Column:
    return Column(name, DATE, "A date.", source=Source.CUSTOM_FIELD)


def guessed(name: str) -> Column:
    return Column(name, DATETIME, source=Source.SAMPLE)


def table_of(*columns: Column) -> Table:
    return Table("thing", ("id",), (ID, *columns))


def test_a_date_with_a_time_of_day_is_an_instant(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    account = Rows([{"id": "1", "due": DAY, "sent": DAY}, {"id": "2", "sent": MOMENT}])
    found = with_true_instants(table_of(stated("due"), stated("sent")), account.fetch)
    assert found.columns == (ID, stated("due"), replace(stated("sent"), type=DATETIME))
    (query,) = account.queries
    assert query.text == (
        "SELECT TO_CHAR(t.due, 'HH24:MI:SS') AS c0, TO_CHAR(t.sent, 'HH24:MI:SS') AS c1 "
        "FROM thing t ORDER BY t.id DESC"
    )
    (said,) = caplog.messages
    assert said.startswith("thing.sent is read as an instant")


@pytest.mark.parametrize(("moments", "kind"), [(1, DATE), (4, DATE), (5, DATETIME), (9, DATETIME)])
def test_a_date_is_an_instant_where_half_of_the_rows_have_a_time_of_day(
    moments: int, kind: ColumnType, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{"id": str(n), "due": MOMENT if n < moments else DAY} for n in range(10)]
    account = Rows([*rows, {"id": "11"}])
    found = with_true_instants(table_of(stated("due")), account.fetch)
    assert found.columns == (ID, replace(stated("due"), type=kind))
    assert with_true_dates(table_of(guessed("due")), account.fetch).columns[1].type is kind
    said = f"{moments} of 10 rows have a time of day"
    assert (said in caplog.text) == (kind is DATE)
    assert ('{"thing.due": "date-time"}' in caplog.text) == (kind is DATE)


def test_what_was_an_instant_stays_one_and_is_not_asked_about() -> None:
    account = Rows([{"id": "1", "due": DAY, "sent": DAY}])
    table = table_of(stated("due"), stated("sent"))
    earlier = table_of(stated("due"), replace(stated("sent"), type=DATETIME))
    found = with_true_instants(table, account.fetch, earlier=earlier)
    assert found.columns == earlier.columns
    assert with_true_instants(table, account.fetch, {"sent"}, earlier) == table
    assert [query.text.count("TO_CHAR") for query in account.queries] == [1, 1]


def test_an_instant_known_from_a_sample_is_a_date_if_no_row_has_a_time() -> None:
    columns = guessed("due"), guessed("sent"), guessed("never"), stated("other")
    account = Rows([{"id": "1", "due": DAY, "sent": MOMENT, "other": MOMENT}], columns=["never"])
    assert with_true_dates(table_of(*columns), account.fetch).columns == (
        ID,
        replace(guessed("due"), type=DATE),
        *columns[1:],
    )


def test_without_doubtful_columns_nothing_is_asked() -> None:
    sampled = Column("seen", DATE, source=Source.SAMPLE)
    own = Column("_sdc_day", DATE, source=Source.TAP)
    sure = Column("made", DATETIME), Column("note", TEXT), stated("due"), sampled, own
    account = Rows([{"id": "1", "due": MOMENT}])
    table = table_of(*sure)
    assert with_true_instants(table, account.fetch, fixed={"due"}) == table
    assert with_true_dates(table, account.fetch) == table
    assert not account.queries


def test_a_table_without_key_is_asked_in_no_order() -> None:
    account = Rows([{"due": MOMENT}])
    found = with_true_instants(Table("thing", (), (stated("due"),)), account.fetch)
    assert [column.type for column in found.columns] == [DATETIME]
    assert account.queries[0].text.endswith(" FROM thing t")


@pytest.mark.parametrize("name", ["date", "_own", "sdc_day", "c1"])
def test_a_date_may_have_any_name(name: str) -> None:
    account = Rows([{"id": "1", name: MOMENT}], columns=["c0"])
    found = with_true_instants(table_of(stated(name), stated("c0")), account.fetch)
    assert [column.type for column in found.columns[1:]] == [DATETIME, DATE]


def test_the_times_are_told_apart_where_their_aliases_are_dropped() -> None:
    def fetch(_: Query) -> Page:
        items = b'[{"links":[],"expr1":"00:00:00","expr2":"14:30:05"}]'
        return replace(Rows([{"id": "1"}]).fetch(Query("SELECT t.* FROM thing t")), items=items)

    found = with_true_instants(table_of(stated("due"), stated("sent")), fetch)
    assert [column.type for column in found.columns[1:]] == [DATE, DATETIME]


def test_many_dates_are_asked_for_in_groups() -> None:
    columns = [stated(f"d{n}") for n in range(150)]
    row = {column.name: MOMENT for column in columns}
    account = Rows([{"id": "1", **row}])
    found = with_true_instants(table_of(*columns), account.fetch)
    assert {column.type for column in found.columns[1:]} == {DATETIME}
    assert [query.text.count("TO_CHAR") for query in account.queries] == [99, 51]
    assert {query.limit for query in account.queries} == {SAMPLE_ROWS}


@pytest.mark.parametrize("kind", [DATE, DATETIME])
def test_what_a_field_calls_a_day_is_a_text_if_netsuite_takes_its_values_for_none(
    kind: ColumnType, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    account = Rows([{"id": "1", "a": DAY, "b": "soon", "c": MOMENT}], texts=["b"])
    b = replace(stated("b"), type=kind)
    found = with_true_instants(table_of(stated("a"), b, stated("c")), account.fetch)
    assert [column.type for column in found.columns[1:]] == [DATE, TEXT, DATETIME]
    (said,) = caplog.messages
    assert f"thing.b is read as text: it is of type {kind} (custom field)" in said
    assert '{"thing.b": "string"}' in said


def test_what_is_stated_to_be_a_date_stays_one_if_only_its_time_of_day_is_refused() -> None:
    def trouble(query: Query) -> None:
        if "HH24" in query.text:
            raise QueryRefused(UNNAMED, table="thing")

    account, table = Rows([{"id": "1", "due": DAY}], trouble=trouble), table_of(stated("due"))
    assert with_true_instants(table, account.fetch) == table


def test_what_a_field_calls_an_instant_stays_one_whatever_its_times_of_day() -> None:
    sent = replace(stated("sent"), type=DATETIME)
    account = Rows([{"id": "1", "due": DAY, "sent": DAY}])
    table = table_of(stated("due"), sent)
    assert with_true_instants(table, account.fetch) == table
    assert [query.text.count("TO_CHAR") for query in account.queries] == [2]


def test_what_looks_like_a_date_is_a_text_if_netsuite_takes_it_for_none() -> None:
    account = Rows([{"id": "1", "a": DAY, "b": DAY, "c": MOMENT}], texts=["b"])
    found = with_true_dates(table_of(guessed("a"), guessed("b"), guessed("c")), account.fetch)
    assert [column.type for column in found.columns[1:]] == [DATE, TEXT, DATETIME]


def test_what_was_a_date_is_no_text_because_its_times_of_day_are_refused_once() -> None:
    table = table_of(guessed("a"), guessed("b"))
    earlier = table_of(replace(guessed("a"), type=DATE))
    account = Rows([{"id": "1", "a": DAY, "b": DAY}], texts=["a", "b"])
    found = with_true_dates(table, account.fetch, earlier)
    assert [column.type for column in found.columns[1:]] == [DATE, TEXT]


@pytest.mark.parametrize(
    "error",
    [
        PermissionDenied("No.", status=403),
        TimedOut("not a byte for 300 s"),
        RetriesExhausted(TimedOut("not a byte for 300 s"), seconds=900),
    ],
)
def test_without_an_answer_all_stays_as_it_is(
    error: NetSuiteError, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def trouble(_: Query) -> None:
        raise error

    table = table_of(stated("due"))
    assert with_true_instants(table, Rows(trouble=trouble).fetch) == table
    assert "thing" in caplog.text


def test_trouble_is_raised() -> None:
    def trouble(_: Query) -> None:
        raise RetriesExhausted(ConcurrencyLimitExceeded("Too many.", status=429), seconds=900)

    with pytest.raises(RetriesExhausted):
        with_true_instants(table_of(stated("due")), Rows(trouble=trouble).fetch)


def test_a_fault_that_passes_changes_nothing() -> None:
    failing = iter([True])

    def trouble(query: Query) -> None:
        if query.text.startswith("SELECT TO_CHAR") and next(failing, False):
            raise fault(query)

    account = Rows([{"id": "1", "sent": MOMENT}], trouble=trouble)
    found = with_true_instants(table_of(stated("sent")), account.fetch)
    assert [column.type for column in found.columns[1:]] == [DATETIME]
