"""Numbers as text, by Oracle's formats."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.switches import Switches
from tests.simulator.client import refusal, rows
from tests.simulator.suiteql.answers import answers

UNSUPPORTED = "Search error occurred: Invalid or unsupported search."

PRINTED = {
    "1234.5, '999,999.00'": "   1,234.50",
    "1234.5, 'FM999,999.00'": "1,234.50",
    "1234.5, 'FM999990.00'": "1234.50",
    "-1234.5, '999,999.00'": "  -1,234.50",
    "12, '0000'": " 0012",
    "12, '9999'": "   12",
    "12, '99'": " 12",
    "0, '999'": "   0",
    "0, '999.99'": "    .00",
    "0, 'FM999.99'": "0.",
    "0.5, '999.99'": "    .50",
    "0.5, '990.99'": "   0.50",
    "0.5, 'FM990.99'": "0.5",
    "0.5, 'FM999.99'": ".5",
    "1.5, 'FM999'": "2",
    "1234, '999'": "####",
    "1234, 'FM999'": "####",
    "-1234.5, '999.9'": "######",
    "999.96, '999.9'": "######",
    "1234567, '9,999,999'": " 1,234,567",
    "567, '9,999,999'": "       567",
    "7, '0,000'": " 0,007",
    "1234.5, '$9,999.99'": " $1,234.50",
    "-1234.5, '$9,999.99'": "-$1,234.50",
    "12, '$9,999'": "    $12",
    "12, 'S999'": " +12",
    "-12, 'S999'": " -12",
    "-12, '999S'": " 12-",
    "12, '999S'": " 12+",
    "-12, '999MI'": " 12-",
    "12, '999MI'": " 12 ",
    "12, 'FM999MI'": "12",
    "-12, '999PR'": " <12>",
    "12, '999PR'": "  12 ",
    "1234, 'FML9,999'": "$1,234",
    "1234, 'L9999'": "          $1234",
    "1234, 'FMC9999'": "USD1234",
    "1234.5, '9G999D99'": " 1,234.50",
    "12345, '9.99EEEE'": "  1.23E+04",
    "0.00012, 'FM9.9EEEE'": "1.2E-04",
    "1.50, 'TM9'": "1.5",
    "NULL, '999'": None,
    "'', '999'": None,
}


def test_a_number_in_each_format(shared: Simulator) -> None:
    expressions = {f"TO_CHAR({arguments})": printed for arguments, printed in PRINTED.items()}
    assert answers(shared, expressions) == expressions


@pytest.mark.parametrize("form", ["", "abc", "9.9.9", ",999", "S9MI", "99XX", "$", "9" * 64])
def test_a_format_that_is_none_is_refused(shared: Simulator, form: str) -> None:
    assert refusal(shared, f"SELECT TO_CHAR(12, '{form}') AS x FROM dual") == UNSUPPORTED  # noqa: S608  # a test's own


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.decimals(min_value=-(10**7), max_value=10**7, places=4, allow_nan=False),
        min_size=1,
        max_size=30,
    )
)
def test_any_number_in_a_format(shared: Simulator, numbers: list[Decimal]) -> None:
    shared.sql("CREATE OR REPLACE TABLE customrecord_amount (id BIGINT, n DECIMAL(18, 4))")
    values = ", ".join(f"({index}, {each})" for index, each in enumerate(numbers))
    shared.sql(f"INSERT INTO customrecord_amount VALUES {values}")  # noqa: S608  # a test's own
    found = rows(
        shared,
        "SELECT TO_CHAR(n, 'FM999,999,990.00') AS grouped, TO_CHAR(n, '0000000000.0') AS zeros,"
        " TO_CHAR(n) AS plain, ROUND(n, 2) AS rounded, TRUNC(n, 1) AS cut, MOD(n, 7) AS rest,"
        " TO_NUMBER(TO_CHAR(n, '999,999,990.0000'), '999,999,990.0000') AS again"
        " FROM customrecord_amount ORDER BY id ASC",
    )
    for row, number in zip(found, numbers, strict=True):
        minus = "-" if number < 0 else ""
        cents = abs(number).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert row["grouped"] == f"{minus}{cents:,}"
        tenths = abs(number).quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert row["zeros"] == (minus or " ") + f"{tenths:012}"
        for name in ("plain", "again"):
            assert Decimal(row[name]) == number
        assert Decimal(row["rounded"]) == number.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert Decimal(row["cut"]) == int(number * 10) / Decimal(10)
        assert Decimal(row["rest"]) == number % 7
        assert not any("e" in text.lower() or text.endswith(".") for text in row.values())


FLOATS = st.lists(
    st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=30
)


@settings(max_examples=15, deadline=None)
@given(FLOATS)
def test_any_number_is_printed_without_an_exponent(shared: Simulator, numbers: list[float]) -> None:
    shared.sql("CREATE OR REPLACE TABLE customrecord_float (id BIGINT, n DOUBLE)")
    values = ", ".join(f"({index}, {each!r}::DOUBLE)" for index, each in enumerate(numbers))
    shared.sql(f"INSERT INTO customrecord_float VALUES {values}")  # noqa: S608  # a test's own
    found = rows(shared, "SELECT n, TO_CHAR(n) AS t FROM customrecord_float ORDER BY id ASC")
    for row, number in zip(found, numbers, strict=True):
        assert row["n"] == row["t"]
        assert float(row["n"]) == number
        assert set(row["n"]) <= set("-.0123456789")
        assert not row["n"].endswith(".")


def test_a_half_as_oracle_prints_it() -> None:
    expected = {
        "0.5": ".5",
        "-0.50": "-.5",
        "1 / 4": ".25",
        "10.5": "10.5",
        "0": "0",
        "100": "100",
        "TO_CHAR(0.5)": ".5",
        "0.5 || 'x'": ".5x",
        "TO_CHAR(-0.5)": "-.5",
        "POWER(10, -7)": ".0000001",
    }
    with Simulator(company=False, switches=Switches(numbers="oracle")) as account:
        assert answers(account, expected) == expected
        account.sql("CREATE TABLE customrecord_half AS SELECT 0.5::DECIMAL(18, 2) AS n")
        assert rows(account, "SELECT n, n * 1.00 AS m FROM customrecord_half") == [
            {"m": ".5", "n": ".5"}
        ]
