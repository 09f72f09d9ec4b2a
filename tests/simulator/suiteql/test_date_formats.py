"""Dates as text, and text as dates, by Oracle's formats."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import refusal, rows
from tests.simulator.suiteql.answers import answers, moment

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."
AFTERNOON = moment("2026-03-02 14:05:06")  # a Monday

PRINTED = {
    "YYYY-MM-DD HH24:MI:SS": "2026-03-02 14:05:06",
    'YYYY-MM-DD"T"HH24:MI:SS"Z"': "2026-03-02T14:05:06Z",
    "DD.MM.YY": "02.03.26",
    "FMMM/DD/YYYY": "3/2/2026",
    "FMDD.MM.YYYY HH24:MI": "2.3.2026 14:5",
    "MM/FMDD/FMYYYY": "03/2/2026",
    "HH:MI AM": "02:05 PM",
    "HH12:MI a.m.": "02:05 p.m.",
    "hh:mi pm": "02:05 pm",
    "MONTH": "MARCH    ",
    "Month|": None,
    "FMMonth DD, YYYY": "March 2, 2026",
    "fmmonth": "march",
    "DD-MON-YYYY": "02-MAR-2026",
    "dd-mon-yy": "02-mar-26",
    "DD Mon YYYY": "02 Mar 2026",
    "DAY": "MONDAY   ",
    "FMDay": "Monday",
    "DY Dy": "MON Mon",
    "Q": "1",
    "D": "2",
    "DDD": "061",
    "J": "2461102",
    "WW": "09",
    "IW": "10",
    "W": "1",
    "IYYY IY": "2026 26",
    "RM": "III ",
    "FMRM": "III",
    "SSSSS": "50706",
    "YYY Y": "026 6",
    "Y,YYY": "2,026",
    "CC": "21",
    "AD": "AD",
    "YYYY-Q": "2026-1",
    "SS.FF3": "06.000",
    'YYYY"year"': "2026year",
    "YYYY{0}": None,
    "TZR": None,
    "YYYY%": None,
    "nonsense": None,
}


def test_a_date_in_each_format(shared: Simulator) -> None:
    known = {text: printed for text, printed in PRINTED.items() if printed is not None}
    expressions = {f"TO_CHAR({AFTERNOON}, '{form}')": printed for form, printed in known.items()}
    assert answers(shared, expressions) == expressions


@pytest.mark.parametrize("form", [form for form, printed in PRINTED.items() if printed is None])
def test_a_format_that_oracle_lacks_is_refused(shared: Simulator, form: str) -> None:
    assert refusal(shared, f"SELECT TO_CHAR({AFTERNOON}, '{form}') AS x FROM dual") == UNSUPPORTED  # noqa: S608  # a test's own


READ = {
    ("2026-03-02", "YYYY-MM-DD"): "2026-03-02 00:00:00",
    ("2026-3-2", "YYYY-MM-DD"): "2026-03-02 00:00:00",
    ("2026-03-02", "YYYY-MM-DD HH24:MI:SS"): "2026-03-02 00:00:00",
    ("2026-03-02 14:05", "YYYY-MM-DD HH24:MI:SS"): "2026-03-02 14:05:00",
    ("2026/03/02", "YYYY-MM-DD"): "2026-03-02 00:00:00",
    ("20260302", "YYYY-MM-DD"): "2026-03-02 00:00:00",
    ("3/2/2026", "MM/DD/YYYY"): "2026-03-02 00:00:00",
    ("02-MAR-26", "DD-MON-YY"): "2026-03-02 00:00:00",
    ("2 march 2026", "DD MON YYYY"): "2026-03-02 00:00:00",
    ("02-Mar-70", "DD-MON-YY"): "2070-03-02 00:00:00",
    ("02-Mar-70", "DD-MON-RR"): "1970-03-02 00:00:00",
    ("02-Mar-55", "DD-MON-RR"): "1955-03-02 00:00:00",
    ("2026-03-02T14:05:06Z", 'YYYY-MM-DD"T"HH24:MI:SS"Z"'): "2026-03-02 14:05:06",
    ("2026-03-02 02:05 PM", "YYYY-MM-DD HH:MI AM"): "2026-03-02 14:05:00",
    ("2026-061", "YYYY-DDD"): "2026-03-02 00:00:00",
    ("2026", "YYYY"): "2026-07-01 00:00:00",
    ("12-25", "MM-DD"): "2026-12-25 00:00:00",
    ("14:05", "HH24:MI"): "2026-07-01 14:05:00",
}


def test_text_reads_as_oracle_reads_it(account: Simulator) -> None:
    account.clock.set(datetime(2026, 7, 15, 12, tzinfo=UTC))
    expressions = {
        f"TO_CHAR({name}('{text}', '{form}'), 'YYYY-MM-DD HH24:MI:SS')": read
        for (text, form), read in READ.items()
        for name in ("TO_DATE", "TO_TIMESTAMP")
    }
    assert answers(account, expressions) == expressions


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("tomorrow", "YYYY-MM-DD"),
        ("2026-13-01", "YYYY-MM-DD"),
        ("2026-02-30", "YYYY-MM-DD"),
        ("2026-03", "YYYY-MM-DD"),
        ("2026-03-02 25:00:00", "YYYY-MM-DD HH24:MI:SS"),
        ("2026-03-02 10:00:00", "YYYY-MM-DD"),
        ("2026-03-02T10:00:00Z", "YYYY-MM-DD HH24:MI:SS"),
        ("2026-03-02", "nonsense"),
        ("2026-03-02 +02:00", "YYYY-MM-DD TZH:TZM"),
        ("2026-03-02", ""),
    ],
)
def test_text_that_does_not_fit_is_refused(shared: Simulator, text: str, form: str) -> None:
    query = f"SELECT id FROM transaction WHERE trandate >= TO_DATE('{text}', '{form}')"  # noqa: S608  # a test's own
    assert refusal(shared, query) == UNSUPPORTED


def test_text_without_a_format_is_of_the_accounts() -> None:
    with Simulator(company=False, date_format="D.M.YYYY") as account:
        assert answers(account, ["TO_CHAR(TO_DATE('2.3.2026'), 'YYYY-MM-DD')"]) == {
            "TO_CHAR(TO_DATE('2.3.2026'), 'YYYY-MM-DD')": "2026-03-02"
        }


MOMENTS = st.lists(
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001
    min_size=1,
    max_size=30,
)
# Oracle's element beside Python's.
PYTHONS = {
    "YYYY": "%Y",
    "MM": "%m",
    "DD": "%d",
    "HH24": "%H",
    "HH12": "%I",
    "MI": "%M",
    "SS": "%S",
    "DDD": "%j",
    "IYYY": "%G",
    "IW": "%V",
    "Dy": "%a",
    "Mon": "%b",
    "AM": "%p",
}


@settings(max_examples=15, deadline=None)
@given(MOMENTS)
def test_any_date_in_any_format(shared: Simulator, moments: list[datetime]) -> None:
    moments = [each.replace(microsecond=0) for each in moments]
    shared.sql("CREATE OR REPLACE TABLE customrecord_clock (id BIGINT, t VARCHAR)")
    values = ", ".join(f"({index}, '{each}')" for index, each in enumerate(moments))
    shared.sql(f"INSERT INTO customrecord_clock VALUES {values}")  # noqa: S608  # a test's own
    form = " ".join(PYTHONS)
    read = "TO_TIMESTAMP(t, 'YYYY-MM-DD HH24:MI:SS')"
    found = rows(
        shared,
        f"SELECT TO_CHAR({read}, '{form}') AS printed, {read} AS bare,"  # noqa: S608  # a test's own
        f" TO_CHAR({read}, 'D Q SSSSS') AS counted FROM customrecord_clock ORDER BY id ASC",
    )
    assert found == [
        {
            "printed": each.strftime(" ".join(PYTHONS.values())),
            "bare": f"{each.month}/{each.day}/{each.year}",
            "counted": f"{each.isoweekday() % 7 + 1} {(each.month + 2) // 3}"
            f" {each.hour * 3600 + each.minute * 60 + each.second:05}",
        }
        for each in moments
    ]
