"""What docs/discovery.md names is there, and what is there is named."""

import re
from pathlib import Path

import pytest

from tap_netsuite_tba.commands.documents import document_of_listing, document_of_table
from tap_netsuite_tba.commands.listing import listing
from tap_netsuite_tba.discovery.families import UNSEEN
from tap_netsuite_tba.discovery.found import Discovery, Readable, Refused, Unreadable
from tap_netsuite_tba.tables import Column, ColumnType, Group, Source, Table
from tap_netsuite_tba.type_names import COLUMN_TYPES

TEXT = (Path(__file__).parents[2] / "docs" / "discovery.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", TEXT))

COLUMN = Column("id", ColumnType.INTEGER)
TABLE = Table("item", ("id",), (COLUMN,))
FOUND = Discovery(
    (Readable(TABLE, (Refused(COLUMN, "hidden"),)),),
    (Unreadable(TABLE, "hidden", is_named=False),),
    (("customfield", "hidden"),),
)


def keys_of(document: object) -> set[str]:
    """The keys of a document and of all that is in it."""
    if isinstance(document, list):
        return {key for each in document for key in keys_of(each)}
    if isinstance(document, dict):
        return {*document, *(key for each in document.values() for key in keys_of(each))}
    return set()


KEYS = keys_of(document_of_listing(listing(FOUND, {}, (), ["*"]))) | keys_of(
    document_of_table(FOUND, {})
)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_key_of_the_json_is_documented(key: str) -> None:
    assert key in CODE


@pytest.mark.parametrize("name", COLUMN_TYPES)
def test_each_type_is_documented(name: str) -> None:
    assert f"| `{name}` |" in TEXT


@pytest.mark.parametrize("name", [*Source, *Group])
def test_each_source_and_group_is_documented(name: str) -> None:
    assert f"| {name} |" in TEXT


@pytest.mark.parametrize("permission", [permission for _, permission in UNSEEN.values()])
def test_each_permission_that_discovery_wants_is_documented(permission: str) -> None:
    assert f"| {permission} |" in TEXT
