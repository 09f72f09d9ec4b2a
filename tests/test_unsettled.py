"""Deletions that the log was asked for too early: the next run looks for them again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from tap_netsuite_tba.decoding import instant_text
from tap_netsuite_tba.extraction.deletes import DeletionLog, Deletions
from tap_netsuite_tba.netsuite.query import Fetch
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Table
from tests.catalogs import last_state
from tests.tap_process import configuration, run_tap

BORN = datetime.fromisoformat("2026-11-01T12:00:00+00:00")
LOOKBACK = timedelta(seconds=60)
NOT_LONG = timedelta(0)


@dataclass
class Night:
    """A run, and what it asked of the log of deletions.

    Attributes:
        state: The last that it wrote.
        expected: Since when it said beforehand that it would look.
        asked_at: When it was told that the log had been asked.
    """

    state: dict[str, Any]
    expected: list[datetime]
    asked_at: list[datetime]

    @property
    def bookmark(self) -> dict[str, Any]:
        bookmark: dict[str, Any] = self.state["bookmarks"]["customer"]
        return bookmark


def night(account: Simulator, before: Night | None = None, ago: timedelta = NOT_LONG) -> Night:
    """One run; the log was asked so long ago as the stream looks."""
    expected, asked_at, find, expect = [], [], DeletionLog.find, DeletionLog.expect

    def note(log: DeletionLog, since: datetime) -> None:
        expected.append(since)
        expect(log, since)

    def find_early(log: DeletionLog, table: Table, fetch: Fetch, since: datetime) -> Deletions:
        found = find(log, table, fetch, since)
        assert found
        asked_at.append(found.asked_at - ago)
        return replace(found, asked_at=asked_at[-1])

    account.clock.advance(5)
    config = configuration(account, tables=["customer"], lookback_seconds=LOOKBACK.seconds)
    with patch.multiple(DeletionLog, find=find_early, expect=note):
        messages, code, said = run_tap(config, before.state if before else None)
    assert code == 0, said
    return Night(last_state(messages), expected, asked_at)


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(100, 3, BORN) as running:
        yield running


def test_a_first_load_does_not_look_for_deletions(account: Simulator) -> None:
    first = night(account)
    assert (first.expected, first.asked_at) == ([], [])
    assert first.bookmark["unsettled_since"] is None


def test_a_stream_says_beforehand_since_when_it_will_look(account: Simulator) -> None:
    first = night(account)
    started = datetime.fromisoformat(first.bookmark["replication_key_value"])
    assert night(account, first).expected == [started - LOOKBACK]


def test_what_was_deleted_after_the_log_was_asked_is_looked_for_by_the_next_run(
    account: Simulator,
) -> None:
    early = night(account, night(account), ago=timedelta(seconds=30))
    [asked_at] = early.asked_at
    assert early.bookmark["unsettled_since"] == instant_text(asked_at)
    assert early.bookmark["unsettled_since"] < early.bookmark["replication_key_value"]
    late = night(account, early)
    assert late.expected == [asked_at.replace(microsecond=0) - LOOKBACK]
    assert late.bookmark["unsettled_since"] is None
