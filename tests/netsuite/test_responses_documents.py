"""A document, whatever its values are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from tap_netsuite_tba.netsuite.errors import MalformedResponse, NotFound
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.responses import read_document
from tap_netsuite_tba.netsuite.transport import Reply


def read(body: bytes, status: int = 200) -> Document:
    return read_document(Reply(status, CaseInsensitiveDict(), body), table="record_salesorder")


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_keep_every_digit(number: Decimal) -> None:
    [read_number] = read(b'{"total":%s}' % str(number).encode()).values()
    assert str(Decimal(read_number)) == str(number) or read_number == number
    assert Decimal(read_number).as_tuple().digits == number.as_tuple().digits


@given(st.integers())
def test_so_do_whole_numbers_which_stay_such(number: int) -> None:
    document = read(b'{"id":%d}' % number)
    assert document == {"id": number}
    assert isinstance(document["id"], int)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rb'"\ud83d x"', "\N{REPLACEMENT CHARACTER} x"),
        (rb'"\ud83d\ude00"', "\N{GRINNING FACE}"),
        (b'"caf\xe9"', "caf\N{REPLACEMENT CHARACTER}"),
        ('"\N{GRINNING FACE}"'.encode(), "\N{GRINNING FACE}"),
    ],
)
def test_half_a_character_costs_no_document(text: bytes, value: str) -> None:
    assert read(b'\xef\xbb\xbf{"memo":%s}' % text) == {"memo": value}


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"id":"5"', b"null"])
def test_what_is_no_object_is_no_document(body: bytes) -> None:
    with pytest.raises(MalformedResponse):
        read(body)


def test_a_refusal_is_the_error_that_it_says() -> None:
    with pytest.raises(NotFound, match="does not exist"):
        read(b'{"status":404,"o:errorDetails":[{"detail":"It does not exist."}]}', 404)
