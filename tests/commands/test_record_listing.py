"""Which record types are listed, and how."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from tap_netsuite_tba.commands.documents import document_of_listing
from tap_netsuite_tba.commands.listing import Listing, listing
from tap_netsuite_tba.commands.record_listing import ListedType, record_types
from tap_netsuite_tba.commands.shown import show_listing
from tap_netsuite_tba.discovery.found import Discovery, Readable
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.query import Document, Resource
from tap_netsuite_tba.tables import Table

FOUND = Discovery(
    tuple(Readable(Table(name, ("id",), ())) for name in ("customer", "customrecord_x", "item"))
)
LISTED = (
    ListedType("customer", "customer", is_wanted=False),
    ListedType("customrecord_x", "customrecord_x", is_wanted=True),
    ListedType("inventoryitem", "item", is_wanted=True),
    ListedType("kititem", "item", is_wanted=False),
    ListedType("website", None, is_wanted=False),
)


def catalog(*names: str) -> RecordCatalog:
    return RecordCatalog(lambda _: {"items": [{"name": name} for name in names]})


def refusing(error: NetSuiteError) -> RecordCatalog:
    def get(_: Resource) -> Document:
        raise error

    return RecordCatalog(get)


def listing_with(types: tuple[ListedType, ...] | None) -> Listing:
    return replace(listing(FOUND, {}, (), ()), record_types=types)


def shown(types: tuple[ListedType, ...] | None) -> str:
    file = io.StringIO()
    show_listing(listing_with(types), Console(file=file, width=200))
    return file.getvalue()


def json_of(types: tuple[ListedType, ...] | None) -> Any:  # noqa: ANN401 - any JSON
    return document_of_listing(listing_with(types))["record_types"]


def test_a_type_is_told_with_the_table_of_its_ids() -> None:
    names = ("website", "kititem", "inventoryItem", "customrecord_x", "customer")
    assert record_types(catalog(*names), FOUND, ("inventoryitem", "customrecord_x")) == LISTED


def test_a_type_whose_table_cannot_be_read_is_none() -> None:
    names = ("salesorder", "vendor", "customrecord_y", "customer")
    listed = record_types(catalog(*names), FOUND, ())
    assert [each.name for each in listed or ()] == ["customer"]


@pytest.mark.parametrize(
    "error",
    [PermissionDenied("No."), RetriesExhausted(ServerFault(status=500), seconds=10)],
    ids=["refused", "fault"],
)
def test_without_the_catalog_the_tables_are_listed_all_the_same(error: NetSuiteError) -> None:
    assert record_types(refusing(error), FOUND, ()) is None
    assert "the record types for the setting records are not listed" in shown(None)


def test_what_concerns_the_whole_account_is_raised() -> None:
    with pytest.raises(LoginRefused):
        record_types(refusing(LoginRefused("No.")), FOUND, ())


def test_types_are_shown_by_the_tables_of_their_ids() -> None:
    lines = [re.split(" {2,}", line.strip()) for line in shown(LISTED).splitlines()]
    assert ["item", "inventoryitem, kititem"] in lines
    assert ["the table of its name", "customer, customrecord_x"] in lines
    assert ["to be found by --discover", "website"] in lines
    assert "The setting records names customrecord_x, inventoryitem." in shown(LISTED)
    assert "ecord types" not in shown(())


def test_types_are_in_the_json() -> None:
    assert [*json_of(LISTED)][2:4] == [
        {"name": "inventoryitem", "table": "item", "configured": True},
        {"name": "kititem", "table": "item", "configured": False},
    ]
    assert json_of(LISTED)[-1]["table"] is None
    assert json_of(None) is None
