"""A sync that is given a catalog says what became of the account since, and reads on."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tap_netsuite_tba.discovery import changes
from tap_netsuite_tba.discovery.changes import saying_changes
from tap_netsuite_tba.discovery.found import Discovery, Readable, Wanted
from tap_netsuite_tba.discovery.marks import ask_marks
from tap_netsuite_tba.discovery.memory import Memory, memory_of
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
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Table

from .changed import TOOL, WORKERS, old_memory, the_same_each_time, with_columns
from .discovered import OWN
from .role import Role


def say_changes(
    tables: Sequence[Table], wanted: Wanted, memory: Memory | None, fetch: Fetch
) -> None:
    """A sync that has nothing to read says what became of the account."""
    with saying_changes(tables, wanted, memory, fetch, after=threading.Event()):
        pass


def said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [r for r in caplog.records if "no longer as the catalog has it" in r.getMessage()]


@pytest.fixture
def memory() -> Memory:
    return old_memory()


def test_what_a_remembered_discovery_has_beyond_the_catalog_costs_a_request(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        return the_same_each_time(query)

    asked: list[Query] = []
    caplog.set_level(logging.INFO)
    say_changes(list(shipped_tables().values()), Wanted(), memory, fetch)
    assert len(asked) == 1
    [record] = said(caplog)
    assert record.levelno == logging.INFO
    assert "catalog has it. New: customer.custentity_tier. To take that in" in record.getMessage()
    assert "new or were left out of it: customrecord_tool. To take that in" in caplog.text


def test_standard_columns_are_not_compared_with_an_older_discovery(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tables = [with_columns("customer", "custentity_tier", "terms_since"), TOOL]
    say_changes(tables, Wanted(), memory, the_same_each_time)
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
    say_changes(tables, wanted, memory, the_same_each_time)
    assert not caplog.records


def test_tables_that_nobody_customizes_are_not_asked_about() -> None:
    role = Role()
    say_changes([shipped_tables()["currency"]], Wanted(("cur*",)), None, role.fetch)
    assert not role.queries


def test_many_changes_are_ten_names_and_a_number(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    more = [replace(TOOL, name=f"customrecord_{number:02}") for number in range(13)]
    tables = [*shipped_tables().values(), *more]
    say_changes(tables, Wanted(), memory, the_same_each_time)
    [record] = said(caplog)
    assert record.levelno == logging.WARNING
    assert "customrecord_09 and 3 more. To take that in" in record.getMessage()
    assert "customrecord_10" not in record.getMessage()


def test_a_comparison_is_remembered_for_the_next_sync(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    tool = {"internalid": "7", "scriptid": "CUSTOMRECORD_TOOL"}
    role = Role(rows={**OWN, "customrecordtype": [*OWN["customrecordtype"], tool]})
    tables = [shipped_tables()["item"]]
    caplog.set_level(logging.INFO)
    say_changes(tables, Wanted(), memory, role.fetch)
    first = [record.getMessage() for record in caplog.records if "catalog" in record.getMessage()]
    assert len(first) == 2
    assert "New: item.custitem_tags, customlist_tag, customrecord49" in first[0]
    assert "left out of it: customrecord_tool." in first[1]
    role.queries.clear()
    caplog.clear()
    say_changes(tables, Wanted(), memory, role.fetch)
    assert len(role.queries) == 1
    assert [record.getMessage() for record in caplog.records] == first


def fault(query: Query) -> NetSuiteError:
    last = ServerFault("An unexpected error occurred.", status=500, code="UNEXPECTED_ERROR")
    return RetriesExhausted(last, seconds=query.patience or 900)


def test_a_fault_for_good_costs_a_sync_ten_seconds_and_nothing_is_gone(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(query: Query) -> None:
        if query.table == "customlist_tool":
            assert query.patience is not None
            clock["now"] += query.patience
            raise fault(query)

    clock = {"now": 0.0}
    monkeypatch.setattr(changes, "monotonic", lambda: clock["now"])
    role = Role(trouble=trouble)
    say_changes([replace(TOOL, name="customlist_tool")], Wanted(), memory, role.fetch)
    assert not said(caplog)
    assert "cannot be told: NetSuite" in caplog.text
    assert clock["now"] <= SHORT_PATIENCE


class Heard(logging.Handler):
    """Waits for a line of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.said = threading.Event()

    def emit(self, _: logging.LogRecord) -> None:
        self.said.set()


@contextmanager
def threads_of_its_own() -> Iterator[Callable[[], None]]:
    """What to call for the threads that came meanwhile to end, as they must in a minute."""
    before = set(threading.enumerate())

    def ended() -> None:
        for thread in set(threading.enumerate()) - before:
            thread.join(60)
            assert not thread.is_alive()

    yield ended


def test_a_sync_goes_on_beside_and_hears_of_it_as_soon_as_it_is_known(memory: Memory) -> None:
    def fetch(query: Query) -> Page:
        assert first_answer.is_set()
        return the_same_each_time(query)

    first_answer, heard = threading.Event(), Heard()
    changes.logger.addHandler(heard)
    gone = replace(TOOL, name="customrecord_gone")
    try:
        with saying_changes([gone], Wanted(), memory, fetch, after=first_answer):
            first_answer.set()
            assert heard.said.wait(60)
    finally:
        changes.logger.removeHandler(heard)


def test_a_sync_that_fails_before_it_has_any_answer_asks_nothing_more(memory: Memory) -> None:
    role = Role()
    with threads_of_its_own() as ended:
        with (
            pytest.raises(LoginRefused, match="Invalid"),
            saying_changes([TOOL], Wanted(), memory, role.fetch, after=threading.Event()),
        ):
            raise LoginRefused("Invalid login attempt.")
        ended()
    assert not role.queries


def test_its_threads_end_with_it(memory: Memory) -> None:
    with threads_of_its_own() as ended:
        say_changes([TOOL], Wanted(), memory, the_same_each_time)
        ended()


def test_a_sync_that_is_done_does_not_wait_for_long(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        assert is_over.wait(60)
        return the_same_each_time(query)

    is_over, asked = threading.Event(), list[Query]()
    monkeypatch.setattr(changes, "_LONGEST_WAIT", 0.01)
    with threads_of_its_own() as ended:
        say_changes([TOOL], Wanted(), None, fetch)
        [record] = caplog.records
        assert "cannot be told: there is no answer yet after 0 s" in record.getMessage()
        requests = len(asked)
        is_over.set()
        ended()
    assert len(asked) == requests
    assert caplog.records == [record]


def test_a_sync_that_fails_does_not_wait_and_nothing_is_said_after_it(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    def fetch(query: Query) -> Page:
        asked.append(query)
        assert is_over.wait(60)
        return the_same_each_time(query)

    is_over, first_answer, asked = threading.Event(), threading.Event(), list[Query]()
    first_answer.set()
    with threads_of_its_own() as ended:
        with (
            pytest.raises(LoginRefused, match="Invalid"),
            saying_changes([TOOL], Wanted(), memory, fetch, after=first_answer),
        ):
            raise LoginRefused("Invalid login attempt.")
        is_over.set()
        ended()
    assert len(asked) <= 3
    assert not caplog.records


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
            say_changes(tables, Wanted(), None, fetch)
        return
    say_changes(tables, Wanted(), None, fetch)
    assert not said(caplog)
    assert "unknown" in caplog.text or "cannot be told" in caplog.text
