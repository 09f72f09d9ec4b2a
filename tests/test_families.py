"""What all tables of a family have: custom records, custom lists, mappings."""

import pytest

from tap_netsuite_tba.shipped import family
from tap_netsuite_tba.tables import ColumnType, Group


def test_entries_of_a_custom_record_type_change_at_their_own_cursor() -> None:
    entries = family("customrecord")
    assert (entries.key, entries.cursor) == (("id",), "lastmodified")
    assert entries.group is Group.CUSTOM
    assert {c.name: c.type for c in entries.columns}["lastmodified"] is ColumnType.DATETIME
    assert entries.permissions == ("Lists > Custom Record Entries",)


def test_values_of_a_custom_list_have_an_id_and_a_name() -> None:
    values = family("customlist")
    assert (values.key, values.cursor, values.group) == (("id",), None, Group.DETAIL)
    assert values.column_names == ("id", "isinactive", "name")


def test_mappings_are_pairs() -> None:
    mappings = family("mapping")
    assert mappings.key == mappings.column_names == ("mapone", "maptwo")
    assert mappings.group is Group.DETAIL
    assert mappings.is_read_by_ranges


def test_a_family_that_is_not_described_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        family("vehicles")
