"""Instants, the session's time zone and NetSuite's own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import ColumnRefusal, Simulator
from tests.simulator.client import column, refusal, rows
from tests.simulator.suiteql.answers import answers


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


FORMAT = "'YYYY-MM-DD HH24:MI:SS'"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("lastmodified", ["2026-06-30 23:59:59", "2026-07-01 00:00:00"]),
        (
            f"SYS_EXTRACT_UTC(TO_TIMESTAMP(TO_CHAR(lastmodified, {FORMAT}), {FORMAT}))",
            ["2026-07-01 06:59:59", "2026-07-01 07:00:00"],
        ),
        (
            "SYS_EXTRACT_UTC(CAST(lastmodified AS TIMESTAMP))",
            ["2026-07-01 06:59:59", "2026-07-01 07:00:00"],
        ),
        ("SYS_EXTRACT_UTC(lastmodified)", None),
        ("SYS_EXTRACT_UTC(CAST(lastmodified AS DATE))", None),
        ("SYS_EXTRACT_UTC(MAX(lastmodified))", None),
    ],
)
def test_a_date_with_a_time_of_day_has_no_time_zone(
    moments: Simulator, expression: str, shown: list[str] | None
) -> None:
    moments.refuse("customrecord_moment", "lastmodified", ColumnRefusal.NO_TIME_ZONE)
    query = (
        f"SELECT TO_CHAR({expression}, {FORMAT}) AS t FROM customrecord_moment WHERE id <= 2"  # noqa: S608  # a test's own
        " ORDER BY 1 ASC"
    )
    if shown is None:
        assert "Invalid or unsupported search" in refusal(moments, query)
    else:
        assert column(moments, query) == shown


def test_a_date_with_a_time_of_day_is_compared_as_session_time(moments: Simulator) -> None:
    moments.refuse("customrecord_moment", "lastmodified", ColumnRefusal.NO_TIME_ZONE)
    query = (
        "SELECT m.id, m.t FROM (SELECT id, lastmodified AS t FROM customrecord_moment) m"  # noqa: S608  # a test's own
        f" WHERE m.t >= TO_DATE('2026-07-01 00:00:00', {FORMAT}) AND m.t <= m.t ORDER BY m.t ASC"
    )
    assert [row["t"] for row in rows(moments, query)] == ["7/1/2026", "11/1/2026", "11/1/2026"]


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


def test_a_clock_of_utc_beside_a_column_is_read_as_session_time(moments: Simulator) -> None:
    # The bug that clients have: they compare the column itself with a time of UTC.
    utc = "SYS_EXTRACT_UTC(lastmodified)"
    query = (
        f"SELECT CASE WHEN lastmodified = {utc} THEN 'same' WHEN lastmodified < {utc} THEN 'less'"  # noqa: S608  # a test's own
        f" END AS beside, ROUND(({utc} - lastmodified) * 24) AS hours,"
        " CASE WHEN lastmodified >= SYS_EXTRACT_UTC(FROM_TZ(TO_TIMESTAMP('2026-07-01',"
        " 'YYYY-MM-DD'), 'UTC')) THEN 'T' ELSE 'F' END AS since"
        " FROM customrecord_moment WHERE id <= 2 ORDER BY id ASC"
    )
    assert rows(moments, query) == [
        {"beside": "less", "hours": "7", "since": "F"},
        {"beside": "less", "hours": "7", "since": "T"},
    ]


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


def test_each_clock_has_its_zone() -> None:
    expected = {
        "SYSDATE": "01 05",
        "SYSTIMESTAMP": "01 05",
        "CURRENT_DATE": "01 21",
        "CURRENT_TIMESTAMP": "01 21",
        "LOCALTIMESTAMP": "01 21",
        "SYS_EXTRACT_UTC(SYSTIMESTAMP)": "01 12",
        "SYS_EXTRACT_UTC(CURRENT_TIMESTAMP)": "01 12",
        "FROM_TZ(TO_TIMESTAMP('2026-07-01 02', 'YYYY-MM-DD HH24'), 'Europe/Berlin')": "01 02",
        "SYS_EXTRACT_UTC(FROM_TZ(LOCALTIMESTAMP, 'UTC'))": "01 21",
        "SYS_EXTRACT_UTC(FROM_TZ(LOCALTIMESTAMP, '+05:30'))": "01 15",
        "SYS_EXTRACT_UTC(TO_TIMESTAMP_TZ('2026-07-01 2 +02:00', 'YYYY-MM-DD HH24 TZH:TZM'))": (
            "01 00"
        ),
        "TO_TIMESTAMP_TZ('2026-07-01 02 -03:30', 'YYYY-MM-DD HH24 TZH:TZM')": "01 02",
        "TO_TIMESTAMP_TZ('2026-07-01 02:00 Europe/Berlin', 'YYYY-MM-DD HH24:MI TZR')": "01 02",
        "TO_TIMESTAMP_TZ('2026-07-01 02:00', 'YYYY-MM-DD HH24:MI')": "01 02",
    }
    with Simulator(company=False, time_zone="Asia/Tokyo") as account:
        account.clock.set(datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC))
        asked = {f"TO_CHAR({clock}, 'DD HH24')": shown for clock, shown in expected.items()}
        assert answers(account, asked) == asked
        zones = {
            "SESSIONTIMEZONE": "Asia/Tokyo",
            "TZ_OFFSET(SESSIONTIMEZONE)": "+09:00",
            "TZ_OFFSET('America/St_Johns')": "-02:30",
            "TZ_OFFSET('+02:00')": "+02:00",
            "TO_CHAR(CURRENT_TIMESTAMP, 'TZR TZH:TZM')": "Asia/Tokyo +09:00",
            "TO_CHAR(SYSTIMESTAMP, 'TZR TZH:TZM')": "America/Los_Angeles -07:00",
            "TO_CHAR(FROM_TZ(LOCALTIMESTAMP, '-03:30'), 'TZR TZH TZM')": "-03:30 -03 30",
        }
        assert answers(account, zones) == zones


CHANGES = [
    "2026-03-08 08:30:00",
    "2026-03-08 09:59:59",
    "2026-03-08 10:00:00",
    "2026-03-08 10:30:00",
    "2026-11-01 07:30:00",
    "2026-11-01 08:30:00",
    "2026-11-01 09:30:00",
    "2026-11-01 10:30:00",
]


@pytest.mark.parametrize("function", ["TO_DATE", "TO_TIMESTAMP"])
@pytest.mark.parametrize(
    ("clock", "instant"),
    [
        ("2026-03-08 01:59:59", "2026-03-08 09:59:59"),
        ("2026-03-08 02:30:00", "2026-03-08 10:30:00"),  # it does not exist
        ("2026-03-08 03:00:00", "2026-03-08 10:00:00"),
        ("2026-11-01 00:30:00", "2026-11-01 07:30:00"),
        ("2026-11-01 01:30:00", "2026-11-01 09:30:00"),  # it is twice: standard time is meant
        ("2026-11-01 02:30:00", "2026-11-01 10:30:00"),
    ],
)
def test_a_clock_beside_an_instant_about_the_changes(
    account: Simulator, function: str, clock: str, instant: str
) -> None:
    account.sql("CREATE TABLE customrecord_change (id BIGINT, lastmodified TIMESTAMP)")
    values = ", ".join(f"({index}, '{each}')" for index, each in enumerate(CHANGES))
    account.sql(f"INSERT INTO customrecord_change VALUES {values}")  # noqa: S608  # a test's own
    literal = f"{function}('{clock}', 'YYYY-MM-DD HH24:MI:SS')"
    query = "SELECT id FROM customrecord_change WHERE lastmodified {} {} ORDER BY id ASC"
    for sign, expected in {
        ">=": [each for each in CHANGES if each >= instant],
        "<": [each for each in CHANGES if each < instant],
        "=": [each for each in CHANGES if each == instant],
    }.items():
        found = column(account, query.format(sign, literal))
        assert [CHANGES[int(index)] for index in found] == expected


ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
INSTANTS = st.lists(
    st.one_of(
        st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2036, 1, 1)),  # noqa: DTZ001
        # About the changes of America and Europe, to the minute.
        st.builds(
            lambda day, minutes: day + timedelta(minutes=minutes),
            st.sampled_from([datetime(2026, *day) for day in ((3, 8), (3, 29), (10, 25), (11, 1))]),  # noqa: DTZ001
            st.integers(0, 1440),
        ),
    ),
    min_size=1,
    max_size=50,
)


@pytest.fixture(name="zoned", scope="module", params=ZONES)
def _zoned(request: pytest.FixtureRequest) -> Iterator[tuple[Simulator, ZoneInfo]]:
    with Simulator(company=False, time_zone=request.param) as account:
        yield account, ZoneInfo(request.param)


@settings(max_examples=10, deadline=None)
@given(INSTANTS)
def test_session_time_is_the_zones(
    zoned: tuple[Simulator, ZoneInfo], moments: list[datetime]
) -> None:
    account, zone = zoned
    moments = [each.replace(microsecond=0) for each in moments]
    values = ", ".join(f"({index}, '{each}'::TIMESTAMP)" for index, each in enumerate(moments))
    account.sql(f"CREATE OR REPLACE TABLE customrecord_one AS FROM (VALUES {values}) AS v(id, t)")
    form = "'YYYY-MM-DD HH24:MI:SS'"
    found = rows(
        account,
        f"SELECT TO_CHAR(t, {form}) AS here, t AS bare, TO_CHAR(t, 'TZH:TZM') AS away,"  # noqa: S608  # a test's own
        f" TO_CHAR(SYS_EXTRACT_UTC(t), {form}) AS utc, TO_CHAR(TRUNC(t), {form}) AS day,"
        f" TO_CHAR(SYS_EXTRACT_UTC(TO_TIMESTAMP(TO_CHAR(t, {form}), {form})), {form}) AS again"
        " FROM customrecord_one ORDER BY id ASC",
    )
    for row, moment in zip(found, moments, strict=True):
        local = moment.replace(tzinfo=UTC).astimezone(zone)
        offset = local.strftime("%z")
        # What the clock shows twice is understood as the later.
        later = local.replace(fold=1).astimezone(UTC)
        assert row == {
            "here": local.strftime("%Y-%m-%d %H:%M:%S"),
            "bare": f"{local.month}/{local.day}/{local.year}",
            "away": f"{offset[:3]}:{offset[3:]}",
            "utc": str(moment),
            "day": local.strftime("%Y-%m-%d 00:00:00"),
            "again": later.strftime("%Y-%m-%d %H:%M:%S"),
        }
