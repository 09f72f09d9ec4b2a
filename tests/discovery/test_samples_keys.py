"""The key and the cursor of a table that nobody described."""

from collections.abc import Mapping

import pytest

from tap_netsuite_tba.netsuite.sampling import SAMPLE_ROWS
from tests.discovery.rows import Rows
from tests.discovery.sampled import INTEGER, KEYED, MOMENT, UNKNOWN, found, types


@pytest.mark.parametrize("name", ["id", "internalid", "uniquekey", "nkey", "key"])
def test_the_key_is_found(name: str) -> None:
    rows = [{name: str(n), "note": "7"} for n in range(1, 4)]
    table = found(UNKNOWN, Rows(rows))
    assert table.key == (name,)
    assert types(table) == {name: INTEGER, "note": INTEGER}
    assert table.is_read_by_ranges


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": "1", "nkey": "1"}, {"id": "1", "nkey": "2"}],
        [{"id": "1", "nkey": "1"}, {"nkey": "2"}],
        [{"id": "a", "nkey": "1"}, {"id": "b", "nkey": "2"}],
        [{"id": "1.5", "nkey": "1"}, {"id": "2.5", "nkey": "2"}],
    ],
)
def test_what_tells_no_rows_apart_is_no_key(rows: list[Mapping[str, str]]) -> None:
    assert found(UNKNOWN, Rows(rows)).key == ("nkey",)


def test_a_number_that_only_the_highest_rows_have_alone_is_no_key() -> None:
    lines = [{"id": str(n), "nkey": str(150 * doc + n)} for doc in range(2) for n in range(1, 51)]
    lines += [{"id": str(n), "nkey": str(1000 + n)} for n in range(1, 2 * SAMPLE_ROWS)]
    assert found(UNKNOWN, Rows(lines)).key == ("nkey",)


def test_the_rows_of_a_small_table_are_asked_once_whether_a_key_tells_them_apart() -> None:
    account = Rows([{"id": str(n)} for n in range(3)])
    assert found(UNKNOWN, account).key == ("id",)
    assert len(account.asked("t.id")) == 1


def test_what_netsuite_does_not_sort_by_is_no_key() -> None:
    account = Rows([{"id": "1", "nkey": "1"}], unsorted=["id"])
    assert found(UNKNOWN, account).key == ("nkey",)


def test_a_table_without_key_is_known_by_a_sample_in_no_order() -> None:
    account = Rows([{"a": "1", "b": "2", "lastmodifieddate": "8/5/2025"}])
    table = found(UNKNOWN, account)
    assert (table.key, table.cursor) == ((), None)
    assert table.column_names == ("a", "b", "lastmodifieddate")
    assert account.asked("t.*") == ["t.* FROM thing t"]


@pytest.mark.parametrize("name", ["lastmodifieddate", "lastmodified", "linelastmodifieddate"])
def test_the_cursor_is_found_where_the_key_is(name: str) -> None:
    assert found(UNKNOWN, Rows([{"id": "1", name: MOMENT}])).cursor == name


@pytest.mark.parametrize("value", ["lately", "8/5/2025"])
def test_what_is_no_instant_is_no_cursor(value: str) -> None:
    assert found(UNKNOWN, Rows([{"id": "1", "lastmodifieddate": value}])).cursor is None


def test_a_known_table_keeps_that_it_has_no_cursor() -> None:
    assert found(KEYED, Rows([{"id": "1", "lastmodified": "8/5/2025"}])).cursor is None
