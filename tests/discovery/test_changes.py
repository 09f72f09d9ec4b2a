"""A sync that is given a catalog says what became of the account since, and reads on."""

import json
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.discovery import changes
from tap_netsuite_tba.discovery.changes import changes_since, say_changes
from tap_netsuite_tba.discovery.compared import Changes
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Wanted
from tap_netsuite_tba.discovery.marks import ask_marks
from tap_netsuite_tba.discovery.memory import Memory, memory_of
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    HostUnreachable,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    PermissionDenied,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

from .discovered import CUSTOM_FIELDS, LISTS, OWN
from .role import Role

WORKERS = Workers(3)
TOOL = replace(family("customrecord"), name="customrecord_tool")
TIER = Column("custentity_tier", ColumnType.TEXT, source=Source.CUSTOM_FIELD)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def table(name: str, **columns: ColumnType) -> Table:
    return Table(name, (), tuple(Column(column, kind) for column, kind in columns.items()))


def with_columns(name: str, *columns: str) -> Table:
    """A shipped table with custom columns."""
    table = shipped_tables()[name]
    return table.with_columns((*table.columns, *(Column(c, ColumnType.TEXT) for c in columns)))


def said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [r for r in caplog.records if "no longer as the catalog has it" in r.getMessage()]


def the_same_each_time(_: Query) -> Page:
    return Page(b'[{"n": "1"}]', 1, False, 1, MONDAY)  # noqa: FBT003 - no more rows


@pytest.fixture
def memory() -> Memory:
    """A discovery that is too old to be believed: it serves to compare."""
    found = memory_of("f" * 64, Wanted(), 60)
    assert found
    tables = (*shipped_tables().values(), with_columns("customer", "custentity_tier"), TOOL)
    discovery = Discovery(tuple(Readable(each) for each in {t.name: t for t in tables}.values()))
    replace(found, now=lambda: MONDAY).write(ask_marks(the_same_each_time, WORKERS), discovery)
    return found


def test_what_a_remembered_discovery_has_beyond_the_catalog_costs_three_requests(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        return the_same_each_time(query)

    asked: list[Query] = []
    caplog.set_level(logging.INFO)
    say_changes(list(shipped_tables().values()), Wanted(), memory, fetch, WORKERS)
    assert len(asked) == 3
    [record] = said(caplog)
    assert record.levelno == logging.INFO
    assert "catalog has it. New: customer.custentity_tier. To take that in" in record.getMessage()
    assert "new or were left out of it: customrecord_tool. To take that in" in caplog.text


def test_standard_columns_are_not_compared_with_an_older_discovery(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tables = [with_columns("customer", "custentity_tier", "terms_since"), TOOL]
    say_changes(tables, Wanted(), memory, the_same_each_time, WORKERS)
    assert not caplog.records


def test_tables_that_the_settings_do_not_mean_are_not_taken_for_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wanted = Wanted(("customer",))
    memory = memory_of("f" * 64, wanted, 60)
    assert memory
    discovery = Discovery((Readable(shipped_tables()["customer"]),))
    memory.write(ask_marks(the_same_each_time, WORKERS), discovery)
    tables = [shipped_tables()["customer"], TOOL]
    say_changes(tables, wanted, memory, the_same_each_time, WORKERS)
    assert not caplog.records


def test_tables_that_nobody_customizes_are_not_asked_about() -> None:
    role = Role()
    say_changes([shipped_tables()["currency"]], Wanted(("cur*",)), None, role.fetch, WORKERS)
    assert not role.queries


def test_many_changes_are_ten_names_and_a_number(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    more = [replace(TOOL, name=f"customrecord_{number:02}") for number in range(13)]
    tables = [*shipped_tables().values(), *more]
    say_changes(tables, Wanted(), memory, the_same_each_time, WORKERS)
    [record] = said(caplog)
    assert record.levelno == logging.WARNING
    assert "customrecord_09 and 3 more. To take that in" in record.getMessage()
    assert "customrecord_10" not in record.getMessage()


def test_a_comparison_is_remembered_for_the_next_sync(caplog: pytest.LogCaptureFixture) -> None:
    role = Role(rows=OWN)
    memory = memory_of("f" * 64, Wanted(), 60)
    tables = [shipped_tables()["item"]]
    caplog.set_level(logging.INFO)
    say_changes(tables, Wanted(), memory, role.fetch, WORKERS)
    first = [record.getMessage() for record in caplog.records if "catalog" in record.getMessage()]
    assert len(first) == 2
    assert "New: item.custitem_tags." in first[0]
    assert "left out of it: customlist_tag, customrecord49, customrecord_vehicle." in first[1]
    role.queries.clear()
    caplog.clear()
    say_changes(tables, Wanted(), memory, role.fetch, WORKERS)
    assert len(role.queries) == 3
    assert [record.getMessage() for record in caplog.records] == first


def test_tables_that_were_left_out_of_a_catalog_are_not_asked_for() -> None:
    role = Role(rows=OWN)
    assert changes_since([TOOL], Wanted(), None, role.fetch, WORKERS).lacking
    assert {query.table for query in role.queries} == {*LISTS, TOOL.name}
    assert len(role.queries) == 5


def edited_at(role: Role, instant: str) -> Fetch:
    """A role that sees when a custom field was edited last."""

    def fetch(query: Query) -> Page:
        page = role.fetch(query)
        if "AS latest" not in query.text:
            return page
        return replace(page, items=json.dumps([{"n": "1", "latest": instant}]).encode())

    return fetch


ELSEWHERE = {name: {"custentity_tier"} for name in ("employee", "contact", "partner", "job")}


def changes_of_an_edited_field(memory: Memory, kind: str, refused: set[str]) -> Changes:
    """What a sync says of a field of customers after it was edited."""
    tables = tuple(
        Readable(table, (Refused(TIER, "Unknown identifier"),) if name == "vendor" else ())
        for name, table in shipped_tables().items()
    )
    before = edited_at(Role(), "2026-01-05 10:00:00")
    memory.write(ask_marks(before, WORKERS), Discovery(tables))
    field = {**CUSTOM_FIELDS["customfield"][1], "fieldvaluetype": kind}
    role = Role(rows={"customfield": [field]}, refused=ELSEWHERE | {"vendor": refused})
    catalog = {**shipped_tables(), "customer": with_columns("customer", TIER.name)}
    now = edited_at(role, "2026-02-01 10:00:00")
    return changes_since(list(catalog.values()), Wanted(), memory, now, WORKERS)


def test_a_field_that_was_put_on_one_more_table_is_new(memory: Memory) -> None:
    changes = changes_of_an_edited_field(memory, "Free-Form Text", set())
    assert changes == Changes(new=("vendor.custentity_tier",))


@pytest.mark.parametrize(("kind", "now"), [("Date", "date"), ("Date/Time", "datetime")])
def test_a_text_that_was_made_a_date_is_of_another_type(
    memory: Memory, kind: str, now: str
) -> None:
    changes = changes_of_an_edited_field(memory, kind, {"custentity_tier"})
    assert changes == Changes(retyped=(f"customer.custentity_tier ({now}, was text)",))


def test_a_table_that_is_refused_has_no_new_columns() -> None:
    role = Role(rows=OWN, hidden=frozenset({"item"}))
    tables = [shipped_tables()["item"]]
    assert not changes_since(tables, Wanted(("item",)), None, role.fetch, WORKERS).new


def test_a_custom_table_without_a_key_may_be_gone() -> None:
    listless = Table("customlist_tool", (), (Column("name", ColumnType.TEXT),))
    role = Role(hidden=frozenset({"customlist_tool"}))
    assert changes_since([listless], Wanted(), None, role.fetch, WORKERS).gone


def fault(query: Query) -> NetSuiteError:
    last = ServerFault("An unexpected error occurred.", status=500, code="UNEXPECTED_ERROR")
    return RetriesExhausted(last, seconds=query.patience or 900)


def test_a_fault_for_good_costs_a_sync_ten_seconds_and_nothing_is_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(query: Query) -> None:
        if query.table == "customlist_tool":
            assert query.patience is not None
            clock["now"] += query.patience
            raise fault(query)

    clock = {"now": 0.0}
    monkeypatch.setattr(changes, "monotonic", lambda: clock["now"])
    role = Role(trouble=trouble)
    say_changes([replace(TOOL, name="customlist_tool")], Wanted(), None, role.fetch, Workers(1))
    assert not said(caplog)
    assert "cannot be told: NetSuite" in caplog.text
    assert clock["now"] <= SHORT_PATIENCE


def test_what_is_not_answered_does_not_hold_a_sync_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(_: Query) -> Page:
        is_over.wait()
        raise TimedOut("no answer in 300 s")

    is_over = threading.Event()
    monkeypatch.setattr(changes, "_LONGEST_WAIT", 0.01)
    say_changes([TOOL], Wanted(), None, fetch, Workers(4))
    is_over.set()
    assert "cannot be told: there is no answer yet after 0.01 s" in caplog.text


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (PermissionDenied("no", status=403), False),
        (TimedOut("no answer in 300 s"), False),
        (RetriesExhausted(ServerFault("down", status=500), seconds=9), False),
        (RetriesExhausted(MalformedResponse("HTML"), seconds=9), False),
        (RetriesExhausted(HostUnreachable("no route"), seconds=9), True),
        (LoginRefused("Invalid login attempt."), True),
    ],
)
def test_what_only_keeps_the_tap_from_comparing_does_not_end_a_sync(
    error: NetSuiteError,
    ends: bool,  # noqa: FBT001 - a case
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fetch(_: Query) -> Page:
        raise error

    tables = [shipped_tables()["customer"]]
    caplog.set_level(logging.INFO)
    if ends:
        with pytest.raises(type(error)):
            say_changes(tables, Wanted(), None, fetch, WORKERS)
        return
    say_changes(tables, Wanted(), None, fetch, WORKERS)
    assert not said(caplog)
    assert "unknown" in caplog.text or "cannot be told" in caplog.text
