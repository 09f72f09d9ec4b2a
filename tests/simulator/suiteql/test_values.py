"""How values are printed."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import ask, rows, value


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


@settings(max_examples=30, deadline=None)
@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=5),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
)
def test_numbers_and_texts_arrive_as_they_are(
    shared: Simulator, number: Decimal, text: str
) -> None:
    shared.sql("CREATE OR REPLACE TABLE customrecord_any (n DECIMAL(18, 5), t VARCHAR)")
    shared.sql("INSERT INTO customrecord_any VALUES (?, ?)", [number, text])
    [row] = rows(shared, "SELECT n, t FROM customrecord_any")
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


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("TO_CHAR(TO_DATE('2026-03-02', 'YYYY-MM-DD'), 'DD.MM.YY')", "02.03.26"),
        (
            (
                "TO_CHAR(TO_TIMESTAMP('2026-03-02 14:05:06', 'YYYY-MM-DD HH24:MI:SS'),"
                ' \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
            ),
            "2026-03-02T14:05:06Z",
        ),
        ("TO_CHAR(TO_DATE('3/2/2026'), 'YYYY-MM-DD')", "2026-03-02"),
        ("TO_CHAR(TO_DATE('2026-03-02', 'YYYY-MM-DD'), 'FMMM/DD/YYYY')", "3/2/2026"),
        ("TO_CHAR(TO_DATE('2026-03-02', 'YYYY-MM-DD') + 1.5, 'DD HH24')", "03 12"),
        ("TO_DATE('2026-03-02', 'YYYY-MM-DD') - TO_DATE('2026-03-01', 'YYYY-MM-DD')", "1"),
        ("TRUNC(TO_DATE('2026-03-02', 'YYYY-MM-DD'), 'MM')", "3/1/2026"),
        ("ADD_MONTHS(TO_DATE('2026-01-31', 'YYYY-MM-DD'), 1)", "2/28/2026"),
        ("LAST_DAY(TO_DATE('2026-02-03', 'YYYY-MM-DD'))", "2/28/2026"),
        ("EXTRACT(YEAR FROM TO_DATE('2026-02-03', 'YYYY-MM-DD'))", "2026"),
        ("NVL(NULL, 'x')", "x"),
        ("NVL2(NULL, 1, 2)", "2"),
        ("DECODE(2, 1, 'one', 2, 'two', 'many')", "two"),
        ("DECODE(3, 1, 'one', 2, 'two')", None),
        ("CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END", "b"),
        ("CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'c' END", "c"),
        ("'a' || NULL || 1.50", "a1.5"),
        ("MOD(7, 3)", "1"),
        ("ROUND(2.345, 2)", "2.35"),
        ("GREATEST(1, NULL)", None),
        ("SUBSTR('abcdef', 2, 3)", "bcd"),
        ("INSTR('abc', 'c')", "3"),
        ("REGEXP_SUBSTR('ab12', '[0-9]+')", "12"),
        ("TO_NUMBER('12.50')", "12.5"),
        ("CAST(5 AS VARCHAR(10))", "5"),
        ("UPPER('aBc')", "ABC"),
        ("7 / 2", "3.5"),
        ("-(2 - 3) * 4", "4"),
        ("SESSIONTIMEZONE", "America/Los_Angeles"),
    ],
)
def test_what_a_function_returns(shared: Simulator, expression: str, printed: str | None) -> None:
    assert value(shared, expression) == printed


@settings(max_examples=30, deadline=None)
@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001
def test_a_date_and_its_text_are_the_same(shared: Simulator, moment: datetime) -> None:
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    form = "'YYYY-MM-DD HH24:MI:SS'"
    assert value(shared, f"TO_CHAR(TO_TIMESTAMP('{text}', {form}), {form})") == text
    day = date.fromisoformat(text[:10])
    expected = f"{day.month}/{day.day}/{day.year}"
    assert value(shared, f"TO_TIMESTAMP('{text}', {form})") == expected
