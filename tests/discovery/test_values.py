"""From values as NetSuite writes them to the type of their column."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN, convert
from tap_netsuite_tba.discovery.values import common_type, misfit, sampled_type
from tap_netsuite_tba.tables import ColumnType

INTEGER, DECIMAL, BOOLEAN = ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.BOOLEAN
DATETIME, TEXT = ColumnType.DATETIME, ColumnType.TEXT


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["0"], INTEGER),
        (["-5", "12"], INTEGER),
        ([7, "8"], INTEGER),
        ([str(INTEGER_MAX), str(INTEGER_MIN)], INTEGER),
        ([str(INTEGER_MAX + 1)], TEXT),
        (["9" * 5000], TEXT),
        (["007"], TEXT),
        (["+5"], TEXT),
        (["5 "], TEXT),
        (["1,000"], TEXT),
        (["\u0665"], TEXT),
        (["1", "2.50"], DECIMAL),
        ([".5", "-.25", "0.125"], DECIMAL),
        ([Decimal("1.5"), 2], DECIMAL),
        (["1.0E-7"], DECIMAL),
        (["1E5"], TEXT),
        (["."], TEXT),
        (["1."], TEXT),
        (["00.5"], TEXT),
        (["12.50%"], TEXT),
        (["T", "F"], BOOLEAN),
        ([True, False], BOOLEAN),
        (["T", "t"], TEXT),
        (["T", "1"], TEXT),
        (["8/5/2025", "12/31/2025"], DATETIME),
        (["31/12/2025", "05/08/2025"], DATETIME),
        (["31.12.2025", "5.8.2025"], DATETIME),
        (["2025-08-05"], DATETIME),
        (["2025/8/5"], DATETIME),
        (["5-Aug-2025", "31-DEC-2025"], DATETIME),
        (["5-M\u00e4r-2025"], DATETIME),
        (["5 August, 2025"], DATETIME),
        (["5 August 2025"], DATETIME),
        (["8/5/2025 2:30 pm"], DATETIME),
        (["8/5/2025 14:30:05", "8/5/2025"], DATETIME),
        (["2025-08-05T14:30:05"], DATETIME),
        (["12/31/2025", "31/12/2025"], TEXT),
        (["8/5-2025"], TEXT),
        (["13/13/2025"], TEXT),
        (["8/5/25"], TEXT),
        (["12:30"], TEXT),
        (["10.20.30"], TEXT),
        (["1, 2, 3"], TEXT),
        (["yes"], TEXT),
        (["1", "one"], TEXT),
        (["line\r\nline"], TEXT),
        (["5\n"], TEXT),
        ([["a list"]], TEXT),
    ],
)
def test_values_have_the_narrowest_type_that_fits_all(values: Sequence[Any], kind: object) -> None:
    assert sampled_type(values) is kind


@pytest.mark.parametrize(
    ("values", "kind", "odd"),
    [
        (["1", "2"], INTEGER, None),
        (["1", "1, 2"], INTEGER, "1, 2"),
        (["1.5"], INTEGER, "1.5"),
        (["1.5", "x"], DECIMAL, "x"),
        (["T", True], BOOLEAN, None),
        (["Yes"], BOOLEAN, "Yes"),
        (["8/5/2025"], ColumnType.DATE, None),
        (["8/5/2025"], DATETIME, None),
        (["soon"], ColumnType.DATE, "soon"),
        (["8/5/2025", "soon"], DATETIME, "soon"),
        (["2025\u5e748\u67085\u65e5", "5 ao\u00fbt 25"], ColumnType.DATE, None),
        (["Acme 42"], DATETIME, "Acme 42"),
        (["3, 55, 1435", "3"], ColumnType.MULTISELECT, None),
        (["anything"], TEXT, None),
        ([], DATETIME, None),
        ([], INTEGER, None),
    ],
)
def test_a_value_that_cannot_be_of_a_type_is_found(
    values: Sequence[Any], kind: ColumnType, odd: object
) -> None:
    assert misfit(values, kind) == odd


VALUES = st.integers().map(str) | st.sampled_from([".5", "T", "F", "8/5/2025", "Acme"])


@given(st.lists(VALUES, min_size=1), st.lists(VALUES, min_size=1))
def test_the_common_type_of_two_samples_is_that_of_their_values(
    one: list[str], other: list[str]
) -> None:
    common = common_type(sampled_type(one), sampled_type(other))
    assert common is common_type(sampled_type(other), sampled_type(one))
    assert common is sampled_type(one + other)


@given(
    st.lists(
        st.integers().map(str)
        | st.decimals(allow_nan=False, allow_infinity=False).map(str)
        | st.sampled_from(["T", "F", "8/5/2025", "", "007"])
        | st.text(),
        min_size=1,
    )
)
def test_a_sampled_type_can_have_the_values_it_is_sampled_from(values: list[str]) -> None:
    kind = sampled_type(values)
    assert misfit(values, kind) is None
    if kind is not DATETIME:
        assert all(convert(value, kind) is not None for value in values)
