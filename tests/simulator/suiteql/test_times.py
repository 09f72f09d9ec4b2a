"""Instants, the session's time zone and NetSuite's own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import column, rows, value

ZONE = "America/Los_Angeles"


@pytest.fixture(name="moments")
def _moments(account: Simulator) -> Simulator:
    account.sql("CREATE TABLE customrecord_moment (id BIGINT, lastmodified TIMESTAMP)")
    account.sql(
        "INSERT INTO customrecord_moment VALUES (1, '2026-07-01 06:59:59'),"
        " (2, '2026-07-01 07:00:00'), (3, '2026-11-01 08:30:00'), (4, '2026-11-01 09:30:00')"
    )
    return account


def test_an_instant_shows_session_time_and_utc(moments: Simulator) -> None:
    [row] = rows(
        moments,
        "SELECT TO_CHAR(m.lastmodified, 'YYYY-MM-DD HH24:MI:SS') AS here, m.lastmodified AS bare,"
        " TO_CHAR(SYS_EXTRACT_UTC(m.lastmodified), 'YYYY-MM-DD HH24:MI:SS') AS utc"
        " FROM customrecord_moment m WHERE m.id = 1",
    )
    assert row == {
        "bare": "6/30/2026",
        "here": "2026-06-30 23:59:59",
        "utc": "2026-07-01 06:59:59",
    }


def test_the_repeated_hour_of_autumn_is_ambiguous(moments: Simulator) -> None:
    query = (
        "SELECT TO_CHAR(lastmodified, 'YYYY-MM-DD HH24:MI:SS') AS t FROM customrecord_moment"
        " WHERE id IN (3, 4)"
    )
    assert set(column(moments, query)) == {"2026-11-01 01:30:00"}


@pytest.mark.parametrize("function", ["TO_DATE", "TO_TIMESTAMP"])
def test_a_literal_beside_an_instant_is_session_time(moments: Simulator, function: str) -> None:
    query = (
        "SELECT id FROM customrecord_moment WHERE lastmodified >= "  # noqa: S608  # a test's own
        + function
        + "('2026-07-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS') ORDER BY id ASC"
    )
    assert column(moments, query) == ["2", "3", "4"]


def test_a_literal_beside_sys_extract_utc_is_utc(moments: Simulator) -> None:
    query = (
        "SELECT id FROM customrecord_moment WHERE SYS_EXTRACT_UTC(lastmodified) >="
        " TO_TIMESTAMP('2026-07-01 06:59:59', 'YYYY-MM-DD HH24:MI:SS') ORDER BY id ASC"
    )
    assert column(moments, query) == ["1", "2", "3", "4"]


def test_instants_keep_their_meaning_through_sub_selects_and_functions(moments: Simulator) -> None:
    query = (
        "SELECT TO_CHAR(SYS_EXTRACT_UTC(NVL(MAX(m), TO_DATE('2026', 'YYYY'))),"
        " 'YYYY-MM-DD HH24:MI:SS') AS top"
        " FROM (SELECT lastmodified AS m FROM customrecord_moment)"
    )
    assert rows(moments, query) == [{"top": "2026-11-01 09:30:00"}]


def test_counting_what_changed_since(moments: Simulator) -> None:
    query = (
        "SELECT COUNT(*) AS n, SUM(CASE WHEN SYS_EXTRACT_UTC(t.lastmodified) >="
        " TO_TIMESTAMP('2026-10-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS') THEN 1 ELSE 0 END) AS m"
        " FROM customrecord_moment t"
    )
    assert rows(moments, query) == [{"n": "4", "m": "2"}]


def test_sysdate_is_pacific_and_current_date_is_the_sessions() -> None:
    with Simulator(company=False, time_zone="Asia/Tokyo") as account:
        now = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
        account.clock.set(now)
        hours = {
            name: value(account, f"TO_CHAR({name}, 'DD HH24')")
            for name in ("SYSDATE", "CURRENT_DATE")
        }
        assert hours == {"SYSDATE": "01 05", "CURRENT_DATE": "01 21"}


@settings(max_examples=40, deadline=None)
@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2036, 1, 1)))  # noqa: DTZ001
def test_session_time_is_the_zones(shared: Simulator, moment: datetime) -> None:
    shared.sql(
        "CREATE OR REPLACE TABLE customrecord_one AS SELECT ?::TIMESTAMP AS t",
        [moment.replace(microsecond=0)],
    )
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE))
    found = rows(
        shared, "SELECT TO_CHAR(t, 'YYYY-MM-DD HH24:MI:SS') AS t, t AS d FROM customrecord_one"
    )
    assert found == [
        {"t": local.strftime("%Y-%m-%d %H:%M:%S"), "d": f"{local.month}/{local.day}/{local.year}"}
    ]
