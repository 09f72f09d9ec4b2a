"""The same instants and days, whatever the account's time zone, clock changes and date format."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.tables import DELETED_AT
from tests.catalogs import Catalog, catalog_of, rows_of, states_of
from tests.tap_process import Message, configuration, run_tap

BORN = datetime(2026, 1, 2, 12, tzinfo=UTC)
NOW = datetime.now(UTC).replace(microsecond=0)
"""The accounts' clocks stand still, so that every run begins at the same second."""

CLOCK_CHANGES = {
    "Los Angeles skips 02:00": datetime(2026, 3, 8, 10, tzinfo=UTC),
    "Sydney repeats 02:00": datetime(2026, 4, 4, 16, tzinfo=UTC),
    "Sydney skips 02:00": datetime(2026, 10, 3, 16, tzinfo=UTC),
    "Los Angeles repeats 01:00": datetime(2026, 11, 1, 9, tzinfo=UTC),
}
DAYS = [date(2026, 3, 8), date(2026, 11, 1), date(2026, 12, 31), date(2028, 2, 29)]
ACCOUNTS = [
    ("UTC", "YYYY-MM-DD", "moved"),
    ("America/Los_Angeles", "M/D/YYYY", "refused"),
    ("Australia/Sydney", "DD/MM/YYYY", "refused"),
    ("Asia/Kathmandu", "M/D/YYYY", "moved"),
]
FIRST_ROW, FIRST_DELETED = 10_000_000, 20_000_000
FILLING = """
    INSERT INTO transaction (id, type, trandate, duedate, createddate, lastmodifieddate)
        SELECT 10000000 + n, 'SalesOrd', day_, day_ - 1, clock, clock;
    INSERT INTO transactionline (uniquekey, transaction, id, mainline)
        SELECT 10000000 + n, 10000000 + n, 0, 'T';
    INSERT INTO deletedrecord (recordid, type, deleteddate)
        SELECT 20000000 + n, 'Sales Order', clock
"""


def instants() -> list[datetime]:
    """Every quarter of an hour around the clock changes, a second beside it, and the days' ends."""
    steps = [timedelta(minutes=15 * n, seconds=n % 2) for n in range(-10, 11)]
    around = [change + step for change in CLOCK_CHANGES.values() for step in steps]
    # Midnight in each zone.
    hours = [timedelta(hours=h, minutes=m) for h, m in [(0, 0), (8, 0), (13, 0), (18, 15)]]
    midnights = [datetime(2026, 6, 30, tzinfo=UTC) + hour for hour in hours]
    return around + midnights + [midnight - timedelta(seconds=1) for midnight in midnights]


def fill(account: Simulator) -> None:
    """Rows that were entered, changed and deleted at those instants, and dated by those days."""
    clocks = [instant.replace(tzinfo=None) for instant in instants()]
    days = [DAYS[n % len(DAYS)] for n in range(len(clocks))]
    for statement in FILLING.split(";"):
        account.sql(
            f"{statement} FROM (SELECT unnest(range(?)) n, unnest(?) clock, unnest(?) day_)",
            [len(clocks), clocks, days],
        )


@pytest.fixture(scope="module")
def accounts() -> Iterator[list[Simulator]]:
    with ExitStack() as stack:
        found = []
        for time_zone, date_format, missing_hour in ACCOUNTS:
            account = stack.enter_context(
                Simulator(
                    transactions=100,
                    born=BORN,
                    time_zone=time_zone,
                    date_format=date_format,
                    switches=Switches(missing_hour=missing_hour),  # type: ignore[arg-type]  # Switches checks it
                )
            )
            stack.enter_context(patch.object(account.clock, "now", return_value=NOW))
            fill(account)
            found.append(account)
        yield found


@pytest.fixture(scope="module")
def catalog(accounts: list[Simulator]) -> Catalog:
    return catalog_of(configuration(accounts[0], tables=["transaction", "transactionline"]))


def read(
    account: Simulator, catalog: Catalog, since: datetime | None = None, **settings: object
) -> list[Message]:
    """What the tap writes, but for when exactly it asked."""
    bookmark = {"replication_key_value": since.isoformat()} if since else {}
    state = {"bookmarks": dict.fromkeys(["transaction", "transactionline"], bookmark)}
    config = configuration(account, lookback_seconds=0, **settings)
    messages, code, log = run_tap(config, state=state if since else None, catalog=catalog)
    assert code == 0, log
    return [
        {name: _without_now(value) for name, value in message.items() if name != "time_extracted"}
        for message in messages
    ]


def _without_now(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Instants of these minutes are how long the tap waited, and nothing of the account's."""
    match value:
        case dict():
            # Whether the log was asked in the second in which the pass began is chance.
            parts = {name: _without_now(part) for name, part in value.items()}
            return {name: part for name, part in parts.items() if name != "unsettled_since"}
        case str() if value[:4].isdigit() and value.endswith("Z"):
            is_now = timedelta(0) <= NOW - datetime.fromisoformat(value) < timedelta(minutes=5)
            return "now" if is_now else value
        case _:
            return value


def bytes_of(messages: list[Message]) -> str:
    return "\n".join(map(json.dumps, messages))


def test_a_first_load_is_the_same_to_the_byte(accounts: list[Simulator], catalog: Catalog) -> None:
    outputs = [read(account, catalog) for account in accounts]
    assert len({bytes_of(output) for output in outputs}) == 1
    rows = {row["id"]: row for row in rows_of(outputs[0], "transaction")}
    for n, instant in enumerate(instants()):
        row = rows[FIRST_ROW + n]
        assert row["lastmodifieddate"] == row["createddate"] == f"{instant:%Y-%m-%dT%H:%M:%SZ}"
        assert row["trandate"] == DAYS[n % len(DAYS)].isoformat()
    assert states_of(outputs[0], "transaction")[-1]["replication_key_value"] == "now"


SINCE = [
    pytest.param(change + timedelta(minutes=minutes), id=f"{name} {minutes:+} min")
    for name, change in CLOCK_CHANGES.items()
    for minutes in ([-30, 30] if "repeats" in name else [30])
]


@pytest.mark.parametrize("since", SINCE)
def test_what_changed_since_an_instant_near_a_clock_change_is_the_same_to_the_byte(
    accounts: list[Simulator], catalog: Catalog, since: datetime
) -> None:
    outputs = [read(account, catalog, since) for account in accounts]
    assert len({bytes_of(output) for output in outputs}) == 1
    wanted = {n for n, instant in enumerate(instants()) if instant >= since}
    rows = rows_of(outputs[0], "transaction")
    changed = {row["id"] for row in rows if not row[DELETED_AT]}
    assert {key for key in changed if key >= FIRST_ROW} == {FIRST_ROW + n for n in wanted}
    deleted = {row["id"]: row[DELETED_AT] for row in rows if row[DELETED_AT]}
    assert deleted == {FIRST_DELETED + n: f"{instants()[n]:%Y-%m-%dT%H:%M:%SZ}" for n in wanted}
    lines = rows_of(outputs[0], "transactionline")
    assert {row["transaction"] for row in lines if not row[DELETED_AT]} == changed


def test_a_start_date_in_a_repeated_hour_is_an_instant(
    accounts: list[Simulator], catalog: Catalog
) -> None:
    start = CLOCK_CHANGES["Los Angeles repeats 01:00"] + timedelta(minutes=30)
    outputs = [read(a, catalog, start_date=start.isoformat()) for a in accounts]
    assert len({bytes_of(output) for output in outputs}) == 1
    modified = [row["lastmodifieddate"] for row in rows_of(outputs[0], "transaction")]
    assert min(modified) == f"{start:%Y-%m-%dT%H:%M:%SZ}"
