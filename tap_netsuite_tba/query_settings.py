"""The setting `queries`: its form, what can be wrong with it, and the queries that it means."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from singer_sdk import typing as th

from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import ColumnType, is_identifier
from tap_netsuite_tba.type_names import COLUMN_TYPES

_TAKEN_NAMES = frozenset({"unreadable_record"})
_TAKEN_BEGINNINGS = ("record_", "customrecord", "customlist", "map_")
"""What the streams of record documents, and the account's own tables, are called."""

QUERIES = th.Property(
    "queries",
    th.ArrayType(
        th.ObjectType(
            th.Property("name", th.StringType(nullable=False), required=True),
            th.Property("query", th.StringType(nullable=False), required=True),
            th.Property("primary_keys", th.ArrayType(th.StringType(nullable=False))),
            th.Property("replication_key", th.StringType),
            th.Property(
                "column_types",
                th.ObjectType(
                    additional_properties=th.StringType(
                        nullable=False, allowed_values=sorted(COLUMN_TYPES)
                    )
                ),
            ),
            additional_properties=False,
            nullable=False,
        )
    ),
    title="Own queries",
    description="Your own SuiteQL, each query a stream of its name; primary_keys tell its rows "
    "apart, replication_key tells when a row last changed, column_types overrule types",
    examples=[
        [
            {
                "name": "customer_balance",
                "query": "SELECT t.entity AS customer, COUNT(*) AS invoices FROM transaction t "
                "WHERE t.type = 'CustInvc' GROUP BY t.entity",
                "primary_keys": ["customer"],
            }
        ]
    ],
)


def read_queries(
    given: Sequence[Mapping[str, Any]], column_types: Mapping[str, ColumnType]
) -> tuple[OwnQuery, ...]:
    """The queries of a setting that has nothing wrong.

    Args:
        given: The setting.
        column_types: Types by `query.column`, as the setting of that name has them.
    """
    return tuple(_read(each, column_types) for each in given)


def of_other_streams(
    column_types: Mapping[str, ColumnType], queries: Sequence[OwnQuery]
) -> Mapping[str, ColumnType]:
    """Types by `table.column`, without those of queries."""
    names = {query.name for query in queries}
    return {
        name: kind for name, kind in column_types.items() if name.partition(".")[0] not in names
    }


def wrong_queries(given: Sequence[Mapping[str, Any]], tables: Sequence[str]) -> Iterator[str]:
    """A sentence for each thing in the setting that cannot be used, beyond what its schema says.

    Args:
        given: The setting, as its schema wants it.
        tables: The setting of that name.
    """
    # Only now, for their files take their time.
    from tap_netsuite_tba.shipped import shipped_tables  # noqa: PLC0415

    streams = {*shipped_tables(), *map(str.lower, tables)}
    times = Counter(each["name"].lower() for each in given)
    for name in (name for name, n in times.items() if n > 1):
        yield f"queries: {name} is the name of {times[name]} queries; give each its own."
    for each in given:
        yield from _wrong_name(each["name"], streams)
        yield from (f"queries: {each['name']}: {what}" for what in _wrong_parts(each))


def _read(given: Mapping[str, Any], column_types: Mapping[str, ColumnType]) -> OwnQuery:
    name = given["name"]
    types = {
        column.partition(".")[2]: kind
        for column, kind in column_types.items()
        if column.partition(".")[0] == name
    }
    types |= {
        column.lower(): COLUMN_TYPES[kind]
        for column, kind in (given.get("column_types") or {}).items()
    }
    replication_key = given.get("replication_key")
    return OwnQuery(
        name=name,
        query=given["query"],
        primary_keys=tuple(key.lower() for key in given.get("primary_keys") or ()),
        replication_key=replication_key.lower() if replication_key else None,
        column_types=types,
    )


def _wrong_name(name: str, tables: Collection[str]) -> Iterator[str]:
    if not is_identifier(name):
        yield (
            f"queries: {name!r} is no name of a stream; write it in lower-case letters, digits and "
            f"underscores, as in aged_receivables."
        )
    elif name in tables:
        yield f"queries: {name} is the name of a table; call the query otherwise, as in my_{name}."
    elif name in _TAKEN_NAMES or name.startswith(_TAKEN_BEGINNINGS):
        yield (
            f"queries: {name} may be the name of another stream; call the query otherwise, as in "
            f"my_{name}."
        )


def _wrong_parts(given: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one query, but for its name."""
    keys = [key.lower() for key in given.get("primary_keys") or ()]
    replication_key = (given.get("replication_key") or "").lower()
    if not given["query"].strip():
        yield "the query is empty; write a SELECT."
    for name in filter(None, [*keys, replication_key]):
        if not is_identifier(name):
            yield f"{name!r} is no name of a column; give the column an alias that is one."
    if len(set(keys)) < len(keys):
        yield "a column stands twice in primary_keys."
    if replication_key and not keys:
        yield (
            "a replication_key needs primary_keys, by which a target replaces the rows that "
            "changed; name the columns that tell rows apart, or leave replication_key out."
        )
