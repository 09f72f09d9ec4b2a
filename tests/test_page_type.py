"""Pages that are decoded in one step, and those that must not be."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN, RowDecoder
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.tables import Column, ColumnType
from tests.pages import STRANGE_ROW, decode


@pytest.mark.parametrize(
    "row",
    [
        '{"links":[],"id":"7","amount":"1.50","posting":"T","trandate":"2024-02-29","memo":"Foo"}',
        '{"id":"7","quantity":null,"amount":"1.50"}',
    ],
)
def test_a_page_as_netsuite_writes_it_is_decoded_in_one_step(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.decoding.convert", None)
    assert decode(row)[0]["id"] == 7


@pytest.mark.parametrize("other", ['"id":"8","quantity":null', '"id":"8","rownumber":"1"'])
@pytest.mark.parametrize(
    "strange",
    ['"amount":"Null"', '"quantity":"null"', '"MEMO":7', '"amount":"NaN"', '"trandate":"now"'],
)
def test_a_page_with_nulls_or_other_names_is_not_misread(other: str, strange: str) -> None:
    rows = [f'{{"links":[],"id":"7",{strange}}}', f'{{"links":[],{other}}}']
    if "MEMO" in strange:
        assert [row["memo"] for row in decode(*rows)] == ["7", None]
    else:
        with pytest.raises(ValueMismatch, match="of the row with key 7 is not of type"):
            decode(*rows)


@pytest.mark.parametrize(
    "name", ["class", "self", "c1", "a$b#", "__x", "__dict__", "__slots__", "links", "row"]
)
def test_a_column_may_have_any_name(name: str) -> None:
    columns = (Column(name, ColumnType.TEXT), Column("id", ColumnType.INTEGER))
    wire_name = columns[0].wire_name
    for items in (f'[{{"{wire_name}":"a","id":"7"}}]', f'[{{"{wire_name}":"a","ID":"7"}}]'):
        [row] = RowDecoder("t", columns, ("id",)).decode(items.encode())
        assert [*row.items()] == [(name, "a"), ("id", 7)]


_DIGITS = st.integers(-(10**30), 10**30)
_VALUES = {
    "quantity": st.integers(INTEGER_MIN, INTEGER_MAX).flatmap(
        lambda number: st.sampled_from([number, str(number)])
    ),
    "amount": st.tuples(_DIGITS, st.integers(0, 30)).map(lambda d: f"{Decimal(d[0]).scaleb(-d[1])}")
    | st.integers()
    | st.sampled_from([".5", "-.25", "1e5", "+3"]),
    "posting": st.sampled_from(["T", "F", "t", "true", True, False]),
    "trandate": st.dates().map(lambda day: day.isoformat()),
    "lastmodifieddate": st.datetimes().map(
        lambda at: at.strftime("%Y").zfill(4) + "-01-02T03:04:05Z"
    ),
    "memo": st.text(st.characters(exclude_categories=["Cs"])) | st.integers() | st.booleans(),
    "custbody_regions": st.lists(st.integers(INTEGER_MIN, INTEGER_MAX), min_size=1).flatmap(
        lambda ids: st.sampled_from([", ", ",", "; ", ";", "\x05"]).map(
            lambda separator: separator.join(map(str, ids))
        )
    )
    | st.integers(INTEGER_MIN, INTEGER_MAX),
    "sdc_parent_modified_at": st.just("2024-01-01T00:00:00Z"),
}
_ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 10**12).map(str)},
        optional=_VALUES | {"links": st.just([])},
    ),
    max_size=5,
)
_ROWS_WITH_MORE = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 10**12).map(str)},
        optional={name: st.none() | values for name, values in _VALUES.items()}
        | {"links": st.just([]), "rownumber": st.just("1")},
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(_ROWS | _ROWS_WITH_MORE)
def test_a_page_in_one_step_and_value_by_value_gives_the_same_rows(
    rows: list[dict[str, Any]],
) -> None:
    literals = [json.dumps(row) for row in rows]
    fast = decode(*literals)
    *slow, _ = decode(*literals, STRANGE_ROW)
    assert fast == slow
    assert [[*row] for row in fast] == [[*row] for row in slow]
    assert [{n: type(v) for n, v in row.items()} for row in fast] == [
        {n: type(v) for n, v in row.items()} for row in slow
    ]
