"""The columns of a table that nobody described."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.discovery.samples import sampled
from tap_netsuite_tba.errors import Unreadable, ValueMismatch
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
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table
from tests.discovery.role import UNNAMED
from tests.discovery.rows import Rows, fault
from tests.discovery.sampled import ID, INTEGER, KEYED, MOMENT, NAME, TEXT, UNKNOWN, found, types
from tests.tap_process import configuration

SCHEMA = {
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "integer"},
        "amount": {"type": "number", "title": "Amount"},
        "refName": {"type": "string"},
    }
}
DESCRIBED = {"thing": SCHEMA}


def wide(columns: int, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON scalars
    return [{"id": "1", **{f"c{n}": "x" for n in range(columns - 1)}, **more}]


def test_columns_are_those_of_any_row() -> None:
    account = Rows([{"id": "1", "note": "a"}, {"id": "2", "rate": ".5"}, {"id": "3", "ok": "T"}])
    table = found(KEYED, account)
    assert table.column_names == ("id", "name", "note", "ok", "rate")
    assert table.columns[:2] == (ID, NAME)
    assert table.columns[2:] == (
        Column("note", TEXT),
        Column("ok", ColumnType.BOOLEAN),
        Column("rate", ColumnType.DECIMAL),
    )
    assert {column.source for column in table.columns[2:]} == {Source.SAMPLE}
    assert [query.text for query in account.queries] == [
        "SELECT t.* FROM thing t ORDER BY t.id DESC"
    ]
    assert not account.asked_schemas


def test_the_oldest_rows_are_asked_for_where_there_are_more() -> None:
    rows: list[dict[str, str]] = [{"id": str(n)} for n in range(1, 2 * SAMPLE_ROWS + 1)]
    rows[0]["oldest"], rows[SAMPLE_ROWS // 2]["old"] = "a", "b"
    rows[-1]["newest"] = "c"
    account = Rows(rows)
    assert found(KEYED, account).column_names == ("id", "name", "newest", "old", "oldest")
    assert account.asked("t.*") == [
        "t.* FROM thing t ORDER BY t.id DESC",
        "t.* FROM thing t ORDER BY t.id ASC",
    ]


@given(
    st.lists(st.sets(st.sampled_from("abcdefg")), max_size=2 * SAMPLE_ROWS + 20),
    st.integers(0, 1),
)
def test_no_column_of_the_rows_looked_at_is_missed(shown: list[set[str]], start: int) -> None:
    rows = [{"id": str(n), **dict.fromkeys(names, "x")} for n, names in enumerate(shown, start)]
    account = Rows(rows, columns=["id"])
    expected = set().union(*shown[:SAMPLE_ROWS], *shown[-SAMPLE_ROWS:])
    assert found(KEYED, account).column_names == ("id", "name", *sorted(expected))


def test_names_come_in_any_case_and_links_are_no_column() -> None:
    account = Rows([{"ID": "1", "links": "x", "Rate": "2"}, {"id": "2", "rate": "2.5", "RATE": ""}])
    assert types(found(KEYED, account)) == {
        "id": INTEGER,
        "name": TEXT,
        "rate": ColumnType.DECIMAL,
    }


def test_names_that_no_query_can_write_are_left_out_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = {"two words": "a", "9th": "b", "gr\u00f6\u00dfe": "c", "_own": "d", 'a"b': "e"}
    account = Rows([{"id": "1", **odd, "fine$#": "1"}])
    table = found(UNKNOWN, account)
    assert table.column_names == ("id", "_own", "fine$#")
    (said,) = caplog.messages
    assert "thing" in said
    assert "'two words'" in said


def test_values_may_come_as_json_numbers() -> None:
    account = Rows([{"id": 1, "n": 3, "rate": 1.5, "ok": True, "none": None}])
    assert types(found(KEYED, account)) == {
        "id": INTEGER,
        "name": TEXT,
        "n": INTEGER,
        "rate": ColumnType.DECIMAL,
        "ok": ColumnType.BOOLEAN,
    }


def test_a_value_that_cannot_be_of_the_stated_type_is_said_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stated = replace(NAME, type=ColumnType.DATE)
    secret = "Acme 42"
    table = found(replace(KEYED, columns=(ID, stated)), Rows([{"id": "1", "name": secret}]))
    assert table.columns == (ID, stated)
    (said,) = caplog.messages
    assert "thing.name is of type date (custom field), but" in said
    assert '{"thing.name": "string"}' in said
    assert "'AAAA 99'" in said
    assert secret not in said


def test_dates_are_told_from_instants_by_their_times_of_day() -> None:
    account = Rows([{"id": "1", "made": "1/2/2025", "sent": MOMENT}])
    assert found(KEYED, account).columns[2:] == (
        Column("made", ColumnType.DATE),
        Column("sent", ColumnType.DATETIME),
    )


def test_an_empty_table_has_its_known_columns() -> None:
    account = Rows(schemas=DESCRIBED)
    account.columns = {"id", "name"}
    assert found(KEYED, account) == KEYED
    assert len(account.queries) == 2
    assert not account.asked_schemas


def test_an_empty_table_of_which_nothing_is_known_is_described_by_the_catalog() -> None:
    table = found(UNKNOWN, Rows(columns=["id", "amount"], schemas=DESCRIBED))
    assert types(table) == {"id": INTEGER, "amount": ColumnType.DECIMAL, "name": INTEGER}
    assert table.key == ("id",)
    assert table.columns[1].title == "Amount"


def test_an_empty_table_that_is_nowhere_described_has_its_key() -> None:
    table = found(UNKNOWN, Rows(columns=["internalid"]))
    assert (table.key, table.column_names) == (("internalid",), ("internalid",))


def test_a_table_of_which_nothing_can_be_known_is_not_read() -> None:
    with pytest.raises(Unreadable, match=r"columns of thing.*Add a row"):
        found(UNKNOWN, Rows())


@pytest.mark.parametrize("how", ["empty", "counted", "bare", "refused"])
def test_a_table_with_too_many_columns_is_described_by_the_catalog(how: str) -> None:
    account = Rows(wide(101), wide=how, schemas=DESCRIBED)
    table = found(KEYED, account)
    assert types(table) == {"id": INTEGER, "name": TEXT, "amount": ColumnType.DECIMAL}
    assert table.columns[:2] == (ID, NAME)
    assert account.asked_schemas == ["thing"]


def test_a_table_with_too_many_columns_may_show_them_all_the_same() -> None:
    assert len(found(KEYED, Rows(wide(150), wide="served")).columns) == 151


@pytest.mark.parametrize("refusal", [None, PermissionDenied("No.", status=403)])
def test_a_table_with_too_many_columns_and_no_description_has_the_known_ones(
    refusal: NetSuiteError | None, caplog: pytest.LogCaptureFixture
) -> None:
    assert found(KEYED, Rows(wide(101), refusal=refusal)) == KEYED
    assert "thing is read with the 2 columns that are known" in caplog.text


def test_all_columns_are_never_asked_for_at_once_where_many_are_known() -> None:
    own = tuple(Column(f"c{n}", TEXT) for n in range(95))
    account = Rows(wide(96), schemas=DESCRIBED)
    table = found(replace(KEYED, columns=(ID, *own)), account)
    assert table.column_names == ("id", *(column.name for column in own), "amount", "name")
    assert not account.queries


def test_columns_of_the_taps_own_do_not_count() -> None:
    own = tuple(Column(f"c{n}_label", TEXT, source=Source.TAP) for n in range(95))
    account = Rows([{"id": "1", "note": "a"}])
    assert found(replace(KEYED, columns=(ID, *own)), account).column_names[-1] == "note"


def test_what_an_earlier_sample_showed_stays() -> None:
    first = Rows([{"id": "1", "note": "a", "lastmodified": MOMENT, "rate": "1.5", "ok": "T"}])
    earlier = found(UNKNOWN, first)
    account = Rows([{"id": "2", "rate": "3", "ok": "Yes", "new": "b"}])
    table = sampled(UNKNOWN, account.fetch, account.catalog, earlier)
    assert types(table) == {
        "id": INTEGER,
        "rate": ColumnType.DECIMAL,
        "ok": TEXT,
        "new": TEXT,
        "note": TEXT,
        "lastmodified": ColumnType.DATETIME,
    }
    assert (table.key, table.cursor) == (("id",), "lastmodified")


def test_a_table_whose_rows_are_gone_has_the_columns_that_they_showed() -> None:
    earlier = found(UNKNOWN, Rows([{"code": "1", "note": "a"}]))
    account = Rows()
    assert sampled(UNKNOWN, account.fetch, account.catalog, earlier) == earlier


def test_an_instant_of_an_earlier_sample_stays_one() -> None:
    earlier = found(UNKNOWN, Rows([{"id": "1", "sent": MOMENT}]))
    account = Rows([{"id": "2", "sent": "8/5/2025"}])
    table = sampled(UNKNOWN, account.fetch, account.catalog, earlier)
    assert types(table)["sent"] is ColumnType.DATETIME


def test_a_type_that_is_told_now_counts_more_than_earlier_ones() -> None:
    earlier = KEYED.with_columns((ID, replace(NAME, type=INTEGER), Column("shipped", TEXT)))
    account = Rows([{"id": "1", "name": "5"}])
    assert sampled(KEYED, account.fetch, account.catalog, earlier) == KEYED


@pytest.mark.parametrize("table", [KEYED, UNKNOWN])
def test_a_table_that_is_not_there_costs_two_requests_at_most(table: Table) -> None:
    account = Rows(is_hidden=True)
    with pytest.raises(QueryRefused, match="Record 'thing' was not found"):
        found(table, account)
    assert len(account.queries) <= 2


@pytest.mark.parametrize("asked", ["t.*", "COUNT", "t.internalid"])
def test_trouble_is_never_taken_for_a_refusal(asked: str) -> None:
    def trouble(query: Query) -> None:
        if query.text.startswith(f"SELECT {asked}"):
            raise RetriesExhausted(ConcurrencyLimitExceeded("Too many.", status=429), seconds=900)

    rows = [{"internalid": "1"}] if asked != "COUNT" else []
    with pytest.raises(RetriesExhausted):
        found(UNKNOWN, Rows(rows, trouble=trouble))


def test_what_netsuite_is_too_slow_at_is_done_without() -> None:
    def trouble(query: Query) -> None:
        if query.text.startswith(("SELECT t.*", "SELECT t.id ")):
            raise TimedOut("not a byte for 300 s", table="thing")

    account = Rows([{"id": "1", "nkey": "1", "amount": "2.5"}], trouble=trouble, schemas=DESCRIBED)
    account.columns = {*account.columns, "name"}
    table = found(UNKNOWN, account)
    assert (table.key, table.column_names) == (("nkey",), ("nkey", "amount", "id", "name"))


def test_trouble_of_the_catalog_is_none_of_the_table() -> None:
    account = Rows(wide(101), refusal=RetriesExhausted(TimedOut("slow"), seconds=900))
    with pytest.raises(RetriesExhausted):
        found(KEYED, account)


@pytest.mark.parametrize("asked", ["t.*", "t.id"])
def test_a_fault_that_passes_changes_nothing(asked: str) -> None:
    rows = [{"id": "1", "nkey": "1", "note": "a"}]
    failing = iter([True])

    def trouble(query: Query) -> None:
        if query.text.startswith(f"SELECT {asked}") and next(failing, False):
            raise fault(query)

    assert found(UNKNOWN, Rows(rows, trouble=trouble)) == found(UNKNOWN, Rows(rows))


def test_an_outage_is_raised() -> None:
    def trouble(query: Query) -> None:
        raise fault(query)

    with pytest.raises(RetriesExhausted):
        found(KEYED, Rows([{"id": "1"}], trouble=trouble))


@pytest.mark.parametrize("is_fault", [True, False])
def test_where_all_columns_together_are_refused_the_catalog_describes_them(
    is_fault: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    def trouble(query: Query) -> None:
        if query.text.startswith("SELECT t.*"):
            raise fault(query) if is_fault else QueryRefused(UNNAMED, table="thing")

    table = found(KEYED, Rows([{"id": "1", "note": "a"}], trouble=trouble, schemas=DESCRIBED))
    assert table.column_names == ("id", "name", "amount")


def test_what_is_no_rows_is_said() -> None:
    def fetch(_: Query) -> Page:
        return replace(Rows([{"id": "1"}]).fetch(Query("SELECT t.* FROM thing t")), items=b"[7]")

    with pytest.raises(ValueMismatch, match="thing"):
        sampled(KEYED, fetch, Rows().catalog)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with Simulator(transactions=200, date_format="D.M.YYYY") as account:
        made = Connection(read_settings(configuration(account)))
        yield made
        made.close()


@pytest.mark.parametrize("name", ["currency", "subsidiary", "customer"])
def test_on_the_simulator_a_sample_contradicts_no_description(
    connection: Connection, name: str
) -> None:
    fetch = connection.fetch
    table = sampled(Table(name, (), ()), fetch, connection.record_catalog)
    shipped = shipped_tables()[name]
    assert table.key == shipped.key
    assert prove_columns(table, table.columns, fetch).accepted == table.columns
    described = types(shipped)
    narrower = {
        ColumnType.DECIMAL: {INTEGER},
        TEXT: set(ColumnType),
        ColumnType.MULTISELECT: {TEXT, INTEGER},
    }
    for column, kind in types(table).items():
        stated = described.get(column, kind)
        assert kind in narrower.get(stated, set()) | {stated}, column


def test_on_the_simulator_a_custom_record_has_the_columns_of_its_type(
    connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    known = replace(family("customrecord"), name="customrecord_vehicle")
    table = sampled(known, connection.fetch, connection.record_catalog)
    assert table.column_names[: len(known.columns)] == known.column_names
    assert "custrecord_vehicle_plate" in table.column_names
    assert not caplog.messages
