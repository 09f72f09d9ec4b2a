"""How values are printed."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import ask, rows
from tests.simulator.suiteql.answers import answers, moment


def test_values_are_strings_nulls_absent_and_keys_sorted(shared: Simulator) -> None:
    response = ask(
        shared,
        "SELECT tranid, ID, memo, foreigntotal AS Zet, entity FROM transaction"
        " WHERE id IN (2, 3) ORDER BY id ASC",
    )
    assert json.dumps(response.json()["items"], separators=(",", ":")) == (
        '[{"links":[],"entity":"2","id":"2","tranid":"INV2","zet":"-7"},'
        '{"links":[],"entity":"3","id":"3","memo":"say \\"hi\\"","tranid":"INV3","zet":"-5.5"}]'
    )


@pytest.mark.parametrize(
    ("sql", "printed"),
    [
        ("-1395.30::DECIMAL(18,2)", "-1395.3"),
        ("100::DECIMAL(18,2)", "100"),
        ("0::DECIMAL(18,2)", "0"),
        ("100::BIGINT", "100"),
        ("100::DOUBLE", "100"),
        ("1173.2817708333334::DOUBLE", "1173.2817708333334"),
        ("'two\r\nlines \u2019 \u00e4'", "two\r\nlines \u2019 \u00e4"),
        ("'T'", "T"),
        ("''", None),
        ("NULL::BIGINT", None),
        ("DATE '2025-08-05'", "8/5/2025"),
        ("TIMESTAMP '2025-08-05 06:30:00'", "8/4/2025"),
    ],
)
def test_how_a_column_is_printed(account: Simulator, sql: str, printed: str | None) -> None:
    account.sql(f"CREATE TABLE customrecord_value AS SELECT {sql} AS v")
    expected = [{}] if printed is None else [{"v": printed}]
    assert rows(account, "SELECT v FROM customrecord_value") == expected


ANY = st.lists(
    st.tuples(
        st.decimals(min_value=-(10**12), max_value=10**12, places=5),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=15, deadline=None)
@given(ANY)
def test_numbers_and_texts_arrive_as_they_are(
    shared: Simulator, values: list[tuple[Decimal, str]]
) -> None:
    shared.sql("CREATE OR REPLACE TABLE customrecord_any (id BIGINT, n DECIMAL(18, 5), t VARCHAR)")
    places = ", ".join("(?, ?, ?)" for _ in values)
    shared.sql(
        f"INSERT INTO customrecord_any VALUES {places}",  # noqa: S608  # a test's own
        [each for index, (number, text) in enumerate(values) for each in (index, number, text)],
    )
    found = rows(shared, "SELECT n, t FROM customrecord_any ORDER BY id ASC")
    for row, (number, text) in zip(found, values, strict=True):
        assert Decimal(row["n"]) == number
        assert not row["n"].endswith(".")
        assert row["t"] == text


@pytest.mark.parametrize(
    ("date_format", "printed"),
    [
        ("M/D/YYYY", "3/2/2026"),
        ("MM/DD/YYYY", "03/02/2026"),
        ("D.M.YYYY", "2.3.2026"),
        ("YYYY-MM-DD", "2026-03-02"),
        ("DD-Mon-YYYY", "02-Mar-2026"),
    ],
)
def test_dates_follow_the_accounts_format(date_format: str, printed: str) -> None:
    with Simulator(company=False, date_format=date_format) as account:
        account.sql("CREATE TABLE customrecord_day AS SELECT DATE '2026-03-02' AS d")
        assert rows(account, "SELECT d, TO_CHAR(d) AS t FROM customrecord_day") == [
            {"d": printed, "t": printed}
        ]


@pytest.mark.parametrize(
    "arguments", [{"date_format": "tomorrow"}, {"time_zone": "Mars/Olympus"}, {"transactions": 3}]
)
def test_a_property_that_no_account_has_is_an_error(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is no|must be"):
        Simulator(**arguments)  # type: ignore[arg-type]  # on purpose


def test_unnamed_expressions_are_numbered(shared: Simulator) -> None:
    assert rows(shared, "SELECT 1 + 1, COUNT(*) AS n, SESSIONTIMEZONE FROM dual") == [
        {"expr1": "2", "n": "1", "expr2": "America/Los_Angeles"}
    ]


def test_expressions(shared: Simulator) -> None:
    expected = {
        "CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END": "b",
        "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'c' END": "c",
        "CASE WHEN 1 > 2 THEN 'a' END": None,
        "'a' || NULL || 1.50": "a1.5",
        f"EXTRACT(YEAR FROM {moment('2026-02-03')})": "2026",
        f"EXTRACT(HOUR FROM {moment('2026-02-03 04:05:06')})": "4",
        f"{moment('2026-03-02')} - {moment('2026-03-01')}": "1",
        f"{moment('2026-03-02 23:59:59')}": "3/2/2026",
        "7 / 2": "3.5",
        "-(2 - 3) * 4": "4",
        "0.1 + 0.2": "0.3",
        "SESSIONTIMEZONE": "America/Los_Angeles",
    }
    assert answers(shared, expected) == expected


def test_a_name_may_have_any_letters(shared: Simulator) -> None:
    names = """trandate AS "a%d'", id AS "b%s", memo AS "c{}\""""
    query = f"SELECT {names} FROM transaction WHERE id = 3"  # noqa: S608  # a test's own
    assert rows(shared, query) == [{"a%d'": "1/4/2026", "b%s": "3", "c{}": 'say "hi"'}]
