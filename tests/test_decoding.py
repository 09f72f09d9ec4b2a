"""Every value as NetSuite writes it, as typed JSON would have it, and as it must not be."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from singer_sdk.contrib.msgspec import encoder

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN, RowDecoder, shape
from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType
from tests.pages import COLUMNS, DECODER, STRANGE_ROW, decode


def decoded(column: str, literal: str) -> Any:  # noqa: ANN401 - any value of a row
    """One JSON literal, decoded in one step and value by value, which must agree."""
    row = f'{{"links":[],"id":"7","{column}":{literal}}}'
    [fast] = decode(row)
    [slow, _] = decode(row, STRANGE_ROW)
    assert fast == slow
    assert list(map(type, fast.values())) == list(map(type, slow.values()))
    return fast[column]


def written(value: object) -> str:
    """A value as the writer writes it."""
    return encoder.encode(value).decode()


@pytest.mark.parametrize(
    ("column", "literal", "value"),
    [
        ("quantity", '"12"', 12),
        ("quantity", "12", 12),
        ("quantity", '"-7"', -7),
        ("quantity", '"0"', 0),
        ("quantity", '"5.0"', 5),
        ("quantity", "5.0", 5),
        ("quantity", f'"{INTEGER_MAX}"', INTEGER_MAX),
        ("quantity", f'"{INTEGER_MIN}"', INTEGER_MIN),
        ("quantity", f"{INTEGER_MAX}", INTEGER_MAX),
        ("quantity", f"{INTEGER_MIN}", INTEGER_MIN),
        ("amount", '"-1395.3"', Decimal("-1395.3")),
        ("amount", "-1395.3", Decimal("-1395.3")),
        ("amount", '".5"', Decimal("0.5")),
        ("amount", '"-.5"', Decimal("-0.5")),
        ("amount", '"1173.2817708333334"', Decimal("1173.2817708333334")),
        ("amount", "3", Decimal(3)),
        ("posting", '"T"', True),
        ("posting", '"F"', False),
        ("posting", "true", True),
        ("posting", "false", False),
        ("posting", '"t"', True),
        ("posting", '"false"', False),
        ("trandate", '"2024-02-29"', "2024-02-29"),
        ("lastmodifieddate", '"2024-02-29T23:59:59Z"', "2024-02-29T23:59:59Z"),
        ("memo", '"it\'s \\r\\n “quoted”"', "it's \r\n “quoted”"),
        ("memo", '""', ""),
        ("memo", '"null"', "null"),
        ("memo", "12", "12"),
        ("memo", "1.50", "1.50"),
        ("memo", "12345678901234567890123", "12345678901234567890123"),
        ("memo", "true", "T"),
        ("custbody_regions", '"3, 55, 1435, 1655"', [3, 55, 1435, 1655]),
        ("custbody_regions", '"55,3,55"', [55, 3, 55]),
        ("custbody_regions", '"-5"', [-5]),
        ("custbody_regions", "7", [7]),
        ("custbody_regions", '"3\\u00055"', [3, 5]),
        ("custbody_regions", '"3;5; 7"', [3, 5, 7]),
        ("custbody_regions", '" 3 ,  5 "', [3, 5]),
        ("custbody_regions", f'"1, {INTEGER_MAX}"', [1, INTEGER_MAX]),
    ],
)
def test_a_value_is_understood_as_text_and_as_typed_json(
    column: str, literal: str, value: object
) -> None:
    assert decoded(column, literal) == value
    assert type(decoded(column, literal)) is type(value)


@pytest.mark.parametrize(
    "number",
    [
        "0.1",
        "-1395.3",
        "1173.2817708333334",
        "100.00",
        "9007199254740993",
        "12345678901234567890.12345678901234567890",
        "0.0000000001234567890123456789012345678901234567890123456789",
    ],
)
@pytest.mark.parametrize("form", ['"{}"', "{}"])
def test_a_decimal_keeps_every_digit_from_wire_to_wire(number: str, form: str) -> None:
    assert Decimal(written(decoded("amount", form.format(number)))) == Decimal(number)
    assert re.sub(r"E.*|[.0]", "", written(decoded("amount", form.format(number)))).strip("-") == (
        number.replace(".", "").replace("0", "").strip("-")
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None) | st.decimals(places=6))
def test_no_finite_decimal_changes_on_its_way(number: Decimal) -> None:
    if number.is_finite():
        out = json.loads(
            written(decoded("amount", f'"{number}"')), parse_float=Decimal, parse_int=Decimal
        )
        assert out.compare_total(number) == 0 or out == number
        assert out.as_tuple().digits == number.as_tuple().digits


@given(st.integers(INTEGER_MIN, INTEGER_MAX))
def test_no_integer_changes_on_its_way(number: int) -> None:
    assert decoded("quantity", f'"{number}"') == number
    assert decoded("quantity", f"{number}") == number
    assert written(number) == str(number)


@given(
    st.lists(st.integers(INTEGER_MIN, INTEGER_MAX), min_size=1),
    st.sampled_from([", ", ",", ";", "\x05"]),
)
def test_the_ids_of_a_multiple_select_keep_their_order(ids: list[int], separator: str) -> None:
    literal = json.dumps(separator.join(map(str, ids)))
    assert decoded("custbody_regions", literal) == ids


@given(
    st.lists(st.sampled_from(["3", "55", "x", "", "1.5", "3 5", "T"]), min_size=1).filter(
        lambda parts: parts != [""] and not {"3", "55"}.issuperset(parts)
    )
)
def test_a_multiple_select_with_anything_but_ids_names_the_override(parts: list[str]) -> None:
    row = json.dumps({"id": "7", "custbody_regions": ", ".join(parts)})
    override = re.escape('{"transaction.custbody_regions": "string"}')
    with pytest.raises(ValueMismatch, match=rf"not of type multiselect.*{override}"):
        decode(row)


@pytest.mark.parametrize("literal", ['"9007199254740993.0"', "9007199254740993.0"])
def test_an_integer_with_a_decimal_point_keeps_every_digit(literal: str) -> None:
    assert decode(f'{{"id":"7","quantity":{literal}}}')[0]["quantity"] == 9007199254740993


@pytest.mark.parametrize(
    ("column", "literal"),
    [
        ("quantity", '"1.5"'),
        ("quantity", "1.5"),
        ("quantity", f'"{INTEGER_MAX + 1}"'),
        ("quantity", f"{INTEGER_MIN - 1}"),
        ("quantity", '"NaN"'),
        ("quantity", '"Infinity"'),
        ("quantity", "true"),
        ("quantity", '"twelve"'),
        ("amount", '"NaN"'),
        ("amount", '"sNaN"'),
        ("amount", '"Infinity"'),
        ("amount", '"-Infinity"'),
        ("amount", '"1,395.30"'),
        ("amount", '"USD 5"'),
        ("amount", "true"),
        ("posting", '"yes"'),
        ("posting", '"1"'),
        ("posting", "1"),
        ("custbody_regions", '"3, Europe"'),
        ("custbody_regions", '"3,"'),
        ("custbody_regions", '"3,,5"'),
        ("custbody_regions", '"3 5"'),
        ("custbody_regions", '"1.5"'),
        ("custbody_regions", f'"1, {INTEGER_MAX + 1}"'),
        ("custbody_regions", '"null"'),
        ("custbody_regions", '"[3, 5]"'),
        ("custbody_regions", "true"),
        ("custbody_regions", '{"id":"3"}'),
        ("trandate", '"8/5/2025"'),
        ("trandate", '"31.12.2025"'),
        ("trandate", '"2025-1-1"'),
        ("trandate", '"2025-01-01T00:00:00Z"'),
        ("trandate", "20250101"),
        ("lastmodifieddate", '"8/5/2025"'),
        ("lastmodifieddate", '"2025-01-01"'),
        ("lastmodifieddate", '"2025-01-01 00:00:00"'),
        ("lastmodifieddate", '"2025-01-01T00:00:00"'),
        ("lastmodifieddate", '"2025-01-01T00:00:00+01:00"'),
    ],
)
@pytest.mark.parametrize("company", [(), (STRANGE_ROW,)])
def test_a_value_that_does_not_fit_is_refused(
    column: str, literal: str, company: tuple[str, ...]
) -> None:
    with pytest.raises(ValueMismatch, match=rf"^transaction\.{column} of the row with key"):
        decode(f'{{"id":"7","{column}":{literal}}}', *company)


def test_a_mismatch_names_table_column_key_and_shape_and_not_the_content() -> None:
    with pytest.raises(ValueMismatch) as caught:
        decode('{"id":"4711","amount":"Krösus 1.234"}')
    message = str(caught.value)
    assert "transaction.amount" in message
    assert "4711" in message
    assert "'AAAAAA 9.999' (str, 12 characters)" in message
    assert '{"transaction.amount": "string"}' in message
    assert "sus" not in message
    assert "1.234" not in message
    assert caught.value.table == "transaction"
    assert caught.value.__cause__ is None


def test_a_mismatch_in_a_long_value_shows_only_its_beginning() -> None:
    assert shape("x1-" * 1000) == f"'{'A9-' * 13}A' (str, 3000 characters)"


@given(st.text())
def test_a_shape_has_no_letter_and_no_digit_of_the_value(text: str) -> None:
    shown = shape(text).split(" (")[0]
    assert not re.search(r"[^\W\d_A]|[^\D9]", re.sub(r"\\(?:x..|u.{4}|U.{8}|[nrt])", "", shown))


def test_an_absent_column_is_null() -> None:
    [row] = decode('{"links":[],"id":"7"}')
    assert row == dict.fromkeys((column.name for column in COLUMNS), None) | {"id": 7}


def test_a_json_null_is_null() -> None:
    for column in COLUMNS[1:-1]:
        assert decoded(column.name, "null") is None


def test_no_rows_are_no_rows() -> None:
    assert decode() == []


def test_links_and_columns_that_were_not_asked_for_are_ignored() -> None:
    [row] = decode('{"links":[{"rel":"self"}],"id":"7","rownumber":"1"}')
    assert set(row) == {column.name for column in COLUMNS}


def test_upper_case_keys_are_understood() -> None:
    [row] = decode('{"LINKS":[],"ID":"7","AMOUNT":"1.5","SDC_PARENT_MODIFIED_AT":null}')
    assert row["id"] == 7
    assert row["amount"] == Decimal("1.5")


def test_names_too_short_to_have_capitals_do_not_tell_how_names_are_written() -> None:
    decoder = RowDecoder("transaction", COLUMNS, ("id",))
    for early in ("", '{"id":"1"}', '{"id":"2","memo":"a"}'):
        decoder.decode(f"[{early}]".encode())
    [row] = decoder.decode(b'[{"id":"3","tranDate":"2026-01-31"}]')
    assert row["trandate"] == "2026-01-31"


@pytest.mark.parametrize("name", ["MEMO", "Memo", "meMo"])
def test_another_case_of_a_column_beside_a_lower_case_key_is_understood(name: str) -> None:
    assert decode(f'{{"links":[],"id":"7","{name}":"paid"}}')[0]["memo"] == "paid"


@pytest.mark.parametrize("column", ["quantity", "amount", "posting"])
def test_the_text_null_is_no_null(column: str) -> None:
    with pytest.raises(ValueMismatch):
        decode(f'{{"id":"7","{column}":"null"}}')


@pytest.mark.parametrize("row", ["{}", '{"memo":"x"}', '{"id":null}', '{"MEMO":"x"}'])
def test_a_row_without_its_key_is_refused(row: str) -> None:
    with pytest.raises(ValueMismatch, match=r"A row of transaction came without its key \(id\)"):
        decode('{"id":"1"}', row)


def test_a_key_of_several_columns_must_be_whole() -> None:
    columns = (Column("transaction", ColumnType.INTEGER), Column("line", ColumnType.INTEGER))
    decoder = RowDecoder("transactionline", columns, ("transaction", "line"))
    rows = decoder.decode(b'[{"transaction":"5","line":"-2"},{"transaction":"7","line":"0"}]')
    assert decoder.keys_of(rows) == [(5, -2), (7, 0)]
    with pytest.raises(ValueMismatch, match=r"without its key \(transaction, line\)"):
        decoder.decode(b'[{"transaction":"5"}]')


def test_columns_that_netsuite_does_not_have_get_their_underscore_back() -> None:
    for rows in (
        decode('{"id":"7","sdc_parent_modified_at":"2024-01-01T00:00:00Z"}'),
        decode('{"id":"7","sdc_parent_modified_at":"2024-01-01T00:00:00Z"}', STRANGE_ROW),
    ):
        assert rows[0][PARENT_MODIFIED_AT] == "2024-01-01T00:00:00Z"
        assert set(rows[0]) == {column.name for column in COLUMNS}


def test_the_outer_keys_of_a_page_are_those_of_its_first_and_its_last_row() -> None:
    assert DECODER.outer_keys(b"[]") is None
    page = b'[{"id":"5"},{"id":"x"},{"links":[],"id":"7","memo":"]"}]'
    assert DECODER.outer_keys(page) == ((5,), (7,))
    assert DECODER.outer_keys(b'[{"ID":"7"}]') == ((7,), (7,))
    with pytest.raises(ValueMismatch, match="without its key"):
        DECODER.outer_keys(b'[{"id":"7"},{"memo":"x"}]')


@pytest.mark.parametrize(
    "column",
    ["quantity", "amount", "posting", "trandate", "lastmodifieddate", "custbody_regions"],
)
def test_an_empty_text_is_null_where_no_text_is_wanted(column: str) -> None:
    assert decoded(column, '""') is None
    [row] = decode('{"id":"7","sdc_parent_modified_at":""}')
    assert row[PARENT_MODIFIED_AT] is None


@pytest.mark.parametrize("row", ['{"id":""}', '{"ID":""}'])
def test_an_empty_key_is_no_key(row: str) -> None:
    with pytest.raises(ValueMismatch, match="without its key"):
        decode(row)


@pytest.mark.parametrize("other", ["", ',{"CODE":"B"}'], ids=["in one step", "value by value"])
def test_an_empty_text_is_no_key(other: str) -> None:
    decoder = RowDecoder("entitystatus", (Column("code", ColumnType.TEXT),), ("code",))
    with pytest.raises(ValueMismatch, match="without its key"):
        decoder.decode(f'[{{"code":"A"}},{{"code":""}}{other}]'.encode())


def test_a_key_that_is_no_integer_can_be_read_as_text_in_a_query_alone() -> None:
    with pytest.raises(ValueMismatch, match="part of the key") as caught:
        decode('{"id":"A-7"}')
    assert "of a table it must be an integer. Of a query" in str(caught.value)
    assert str(caught.value).endswith('set column_types to {"transaction.id": "string"}.')
    assert "transaction.id of the row with key 'A-9'" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "kind"), [("7.5", "number"), ("1E30", "number"), ("A-7", "string"), ("NaN", "string")]
)
def test_what_is_no_integer_is_to_be_read_as_what_it_is(value: str, kind: str) -> None:
    decoder = RowDecoder("pricing", (Column("quantity", ColumnType.INTEGER),), ())
    with pytest.raises(ValueMismatch, match=rf'"pricing\.quantity": "{kind}"'):
        decoder.decode(json.dumps([{"quantity": value}]).encode())


def test_a_wrong_value_in_a_row_without_key_is_named_too() -> None:
    decoder = RowDecoder("pricing", (Column("quantity", ColumnType.DECIMAL),), ())
    with pytest.raises(ValueMismatch, match=r"^pricing\.quantity of a row is not of type decimal"):
        decoder.decode(b'[{"quantity":"many"}]')


@pytest.mark.parametrize("items", [b"[null]", b"[5]", b'["row"]'])
def test_a_page_of_something_else_than_rows_is_said(items: bytes) -> None:
    with pytest.raises(ValueMismatch, match="A page of transaction has something else than rows"):
        DECODER.decode(items)
