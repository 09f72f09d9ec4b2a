"""What a person sees, and what a program must not see."""

import io
import logging
import sys
from typing import Any

import pytest

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.netsuite.meter import Meter
from tap_netsuite_tba.progress import Report, StreamReport
from tap_netsuite_tba.tables import KeyValue
from tests.extraction.account import BEGIN

ACCOUNT_NOTE = "read whole; 2 without modification date, whose edits are not seen"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def lines(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "tap-netsuite-tba")
    monkeypatch.setattr(logging.getLogger("singer_sdk.metrics"), "disabled", True)
    return caplog


def read(report: Report, name: str, mode: str, **counts: int) -> StreamReport:
    """A stream that is read to its end."""
    stream = report.begin(name, mode)
    stream.undated = counts.get("undated")
    stream.rows, stream.new = counts.get("rows", 0), counts.get("new", 0)
    stream.deleted = counts.get("deleted", 0)
    report.page(stream)
    stream.complete = True
    report.end(stream)
    return stream


def test_a_stream_that_was_read_gets_one_line(lines: pytest.LogCaptureFixture) -> None:
    read(Report(), "transaction", "first load", rows=12345)
    [line] = lines.messages
    assert line.startswith("transaction: 12,345 rows in ")
    assert line.endswith(" s (first load).")


def test_one_row_is_no_rows(lines: pytest.LogCaptureFixture) -> None:
    read(Report(), "customer", "first load", rows=1)
    [line] = lines.messages
    assert line.startswith("customer: 1 row in ")


def test_a_table_that_was_never_begun_is_told_from_those_that_failed(
    lines: pytest.LogCaptureFixture,
) -> None:
    report = Report()
    report.conclude(["vendor"])
    assert (report.never_begun, report.failures, report.streams) == (["vendor"], [], [])
    assert "vendor was not read at all" in lines.text


def test_a_stream_that_was_stopped_is_not_said_to_be_read(lines: pytest.LogCaptureFixture) -> None:
    report = Report()
    stream = report.begin("transaction", "first load")
    report.end(stream)
    [line] = lines.messages
    assert line.endswith(" s (first load, stopped).")
    assert not stream.complete


def test_a_stream_that_failed_gets_one_line_with_its_reason(
    lines: pytest.LogCaptureFixture,
) -> None:
    report = Report()
    stream = report.begin("vendor", "incremental")
    stream.failure = "NetSuite counts 5."
    report.end(stream)
    assert [(record.levelname, record.getMessage()) for record in lines.records] == [
        ("ERROR", "vendor was not read to its end: NetSuite counts 5.")
    ]
    assert report.failures == [stream]
    assert not stream.complete


def test_a_stream_that_was_read_is_no_failure() -> None:
    report = Report()
    stream = read(report, "vendor", "incremental")
    assert stream.complete
    assert report.failures == []


@pytest.mark.parametrize(
    ("mode", "changed"), [("incremental", 7), ("first load", 0), ("full table", 0)]
)
def test_rows_that_are_not_new_have_changed_in_an_incremental_run(mode: str, changed: int) -> None:
    assert read(Report(), "vendor", mode, rows=10, new=3).changed == changed


def test_columns_that_vanished_are_named_at_the_end() -> None:
    report = Report()
    report.begin("vendor", "incremental").gone += ["email", "fax"]
    report.streams[0].complete = True
    [_, line, _] = report.summary().splitlines()
    assert line.endswith("  columns gone: email, fax")


def test_the_summary_has_a_line_for_each_stream_in_columns() -> None:
    report = Report()
    read(report, "transaction", "incremental", rows=12345, new=45, deleted=3)
    read(report, "customer", "first load", rows=7, new=7)
    read(report, "currency", "full table", rows=4, new=0)
    read(report, "account", "full table", rows=5, new=0, deleted=1, undated=2)
    failed = report.begin("vendor", "incremental")
    failed.rows, failed.failure = 2, "no"
    report.end(failed)
    report.begin("item", "first load").rows = 1000
    for _ in range(1234):
        with report.meter.exchange("transaction"):
            pass
    head, *streams, _ = report.summary().splitlines()
    assert head.split() == ["rows", "new", "changed", "deleted", "requests"]
    assert [line.split(maxsplit=6) for line in streams] == [
        ["transaction", "12,345", "45", "12,300", "3", "1,234"],
        ["customer", "7", "7", "-", "-", "0"],
        ["currency", "4", "0", "-", "-", "0", "read whole: it has no modification date"],
        ["account", "5", "0", "-", "1", "0", ACCOUNT_NOTE],
        ["vendor", "2", "0", "2", "0", "0", "FAILED"],
        ["item", "1,000", "0", "-", "-", "0", "stopped"],
    ]
    assert all(line[len(head) - 1] in "40" for line in streams)
    assert max(map(len, streams)) <= 60 + len(ACCOUNT_NOTE)


def test_deletions_that_several_streams_saw_are_not_added_up() -> None:
    report = Report()
    report.unburied({"Contact": 12, "Task": 1})
    report.unburied({"Contact": 5, "Task": 3})
    assert report.deleted_types == {"Contact": 12, "Task": 3}


def test_rows_are_counted_as_new_above_the_highest_key_and_as_undated() -> None:
    stream = Report().begin("transaction", "incremental")
    keys_and_dates = [(7, None), (9, "2026-01-01T00:00:00Z"), (10, None)]
    rows: list[Row] = [{"id": key, "lastmodifieddate": date} for key, date in keys_and_dates]
    keys: list[KeyValue] = [(key,) for key, _ in keys_and_dates]
    chunk = Chunk(rows, keys, (), BEGIN, None, 0)
    stream.count(chunk, "lastmodifieddate", (9,))
    assert (stream.rows, stream.new, stream.undated) == (3, 1, 2)
    stream.count(chunk, "lastmodifieddate", None)
    assert (stream.rows, stream.new, stream.undated) == (6, 4, 4)
    without_dates = Report().begin("currency", "full table")
    without_dates.count(chunk, None, None)
    assert without_dates.undated is None


def test_not_a_byte_goes_to_stderr_where_it_is_no_terminal(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("tap-netsuite-tba"), "disabled", True)
    assert not sys.stderr.isatty()
    read(Report(), "transaction", "first load", rows=1)
    assert capfd.readouterr() == ("", "")


def test_a_terminal_shows_the_rows_so_far_and_is_left_clean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    report = Report()
    stream = report.begin("transaction", "first load")
    stream.rows = 1000
    report.page(stream)
    assert terminal.getvalue() == "\r\033[Ktransaction: 1,000 rows"
    monkeypatch.setattr(logging.getLogger("tap-netsuite-tba"), "disabled", True)
    report.end(stream)
    assert terminal.getvalue().endswith("\r\033[K")


def test_a_terminal_is_not_written_to_for_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("tap_netsuite_tba.progress.time.monotonic", lambda: 1000.0)
    report = Report()
    stream = report.begin("transaction", "first load")
    for _ in range(100):
        report.page(stream)
    assert terminal.getvalue().count("rows") == 1


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now

    def ask(self, report: Report, table: str, seconds: float, received: int = 0) -> None:
        """One request after the other."""
        with report.meter.exchange(table) as exchange:
            self.now += seconds
            exchange.received = received


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_summary_ends_with_what_the_run_took(clock: Clock) -> None:
    report = Report(Meter(clock), max_sessions=5)
    clock.now += 100  # Before the first request nothing counts.
    clock.ask(report, "transaction", 2)
    report.begin_reading()
    stream = report.begin("transaction", "first load")
    for _ in range(4):
        clock.ask(report, "transaction", 4, received=30_000_000)
    clock.ask(report, "deletedrecord", 2)
    report.meter.retried("transaction", 1.5)
    stream.rows = 24_680
    assert report.summary().splitlines()[1:] == [
        "transaction  24,680    0        -        -         4  stopped",
        (
            "Requests: 6 (1 of them for the discovery; 1 of them retries, which waited 1.5 s); the "
            "5 sessions were busy 20 % of 20.0 s; 1,234 rows and 6.0 MB a second."
        ),
    ]


def test_a_single_session_is_said_to_be_one(clock: Clock) -> None:
    report = Report(Meter(clock), max_sessions=1)
    report.begin("currency", "full table").rows = 10
    clock.ask(report, "currency", 2, received=900)
    assert report.summary().splitlines()[-1] == (
        "Requests: 1; the session was busy 100 % of 2.0 s; 5 rows and 0.5 kB a second."
    )


def test_a_stream_takes_from_its_first_request_to_its_end(clock: Clock) -> None:
    """Which may have been sent before its turn; what others are asked meanwhile is not its own."""
    report = Report(Meter(clock), max_sessions=5)
    clock.ask(report, "vendor", 3)
    clock.ask(report, "transaction", 5)
    stream = report.begin("vendor", "first load")
    clock.ask(report, "vendor", 2)
    stream.complete, stream.rows = True, 100
    report.end(stream)
    clock.now += 50
    figures = report.figures_of(stream)
    assert (figures.seconds, figures.counts.busy, figures.counts.requests) == (10, 5, 2)
    assert (figures.utilisation, figures.rows_per_second) == (0.1, 10)
    assert report.others.keys() == {"transaction"}


def test_a_stream_that_asked_nothing_takes_its_turn(clock: Clock) -> None:
    report = Report(Meter(clock))
    stream = report.begin("vendor", "first load")
    clock.now += 2
    report.end(stream)
    assert report.figures_of(stream).seconds == 2


@pytest.mark.parametrize(
    ("ending", "how"),
    [({"complete": True}, "complete"), ({"failure": "No."}, "failed"), ({}, "stopped")],
)
def test_a_stream_is_complete_failed_or_stopped(ending: dict[str, Any], how: str) -> None:
    assert StreamReport("vendor", "first load", began=0.0, **ending).how_it_ended == how
