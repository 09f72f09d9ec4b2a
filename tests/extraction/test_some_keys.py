"""Some records from all over a type."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.extraction.some_keys import keys_of_some
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, Table

IDS = Table(
    name="record_salesorder",
    columns=(Column("id", ColumnType.INTEGER), Column("lastmodifieddate", ColumnType.DATETIME)),
    key=("id",),
    source="transaction",
    only=(("recordtype", "salesorder"),),
)


def some(keys: Sequence[int]) -> tuple[int, ...]:
    """What is found of a type that has records of these ids."""

    def fetch(query: Query) -> Page:
        assert query.is_optional
        clauses = (
            r"WHERE t\.recordtype = 'salesorder'(?: AND t\.id > (-?\d+))? ORDER BY t\.id (\w+)$"
        )
        asked = re.search(clauses, query.text)
        assert asked, query.text
        behind = [key for key in keys if asked[1] is None or key > int(asked[1])]
        shown = sorted(behind, reverse=asked[2] == "DESC")[: query.limit]
        items = json.dumps([{"id": str(key)} for key in shown]).encode()
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return Page(items, len(shown), has_more=False, total_results=len(keys), asked_at=at)

    return keys_of_some(IDS, fetch)


def test_seven_of_the_newest_of_the_oldest_and_of_those_halfway() -> None:
    assert some(range(1, 100)) == (*range(99, 92, -1), *range(1, 8), *range(51, 58))


def test_halfway_is_told_by_the_ids() -> None:
    assert some([-5, *range(100)]) == (*range(99, 92, -1), -5, *range(6), *range(48, 55))


@pytest.mark.parametrize("count", [0, 1, 6, 7, 14])
def test_of_a_few_all_come(count: int) -> None:
    assert sorted(some(range(count))) == [*range(count)]


def test_none_comes_twice() -> None:
    found = some(range(20))
    assert len(found) == len(set(found)) > 14


@pytest.mark.parametrize(
    "error",
    [
        QueryRefused("Search error occurred.", status=400),
        PermissionDenied("no", status=403),
        TimedOut("not a byte for 300 s"),
        RetriesExhausted(ServerFault("unexpected", status=500), seconds=10),
    ],
)
def test_where_suiteql_does_not_tell_there_are_none(error: NetSuiteError) -> None:
    def fetch(_query: Query) -> Page:
        raise error

    assert keys_of_some(IDS, fetch) == ()


def test_trouble_of_the_account_is_not_passed_over() -> None:
    def fetch(_query: Query) -> Page:
        raise LoginRefused("Invalid login attempt.", status=401)

    with pytest.raises(LoginRefused):
        keys_of_some(IDS, fetch)
