"""The setting `queries`: what it means, and one sentence for each thing that is wrong with it."""

from typing import Any

import pytest

from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.settings import SETTINGS, problems, read_settings
from tap_netsuite_tba.tables import ColumnType

GOOD: dict[str, Any] = {"name": "mine", "query": "SELECT c.id FROM customer c"}


def read(*queries: dict[str, Any], **settings: object) -> tuple[OwnQuery, ...]:
    return read_settings({"demo": True, "queries": list(queries), **settings}).queries


def wrong(*queries: object, **settings: object) -> list[str]:
    return problems({"demo": True, "queries": list(queries), **settings})


def test_without_the_setting_there_are_none() -> None:
    assert read_settings({"demo": True}).queries == ()


def test_names_of_columns_are_taken_in_any_case() -> None:
    [query] = read(
        GOOD
        | {
            "primary_keys": ["ID", "Line"],
            "replication_key": "LastModifiedDate",
            "column_types": {"Code": "string"},
        }
    )
    assert query == OwnQuery(
        "mine",
        "SELECT c.id FROM customer c",
        ("id", "line"),
        "lastmodifieddate",
        {"code": ColumnType.TEXT},
    )


def test_what_is_optional_may_be_null() -> None:
    nothing = dict.fromkeys(("primary_keys", "replication_key", "column_types"))
    assert read(GOOD | nothing) == read(GOOD)


def test_types_of_a_query_may_stand_among_those_of_tables() -> None:
    types = {"mine.code": "string", "mine.n": "number", "customer.n": "integer"}
    query = GOOD | {"column_types": {"n": "integer"}}
    settings = read_settings({"demo": True, "queries": [query], "column_types": types})
    assert settings.queries[0].column_types == {
        "code": ColumnType.TEXT,
        "n": ColumnType.INTEGER,
    }
    assert settings.column_types == {"customer.n": ColumnType.INTEGER}


def test_its_own_example_can_be_used() -> None:
    [example] = SETTINGS["properties"]["queries"]["examples"]
    assert wrong(*example) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"name": "mine"}, "'query' is a required property"),
        ({"query": "SELECT 1"}, "'name' is a required property"),
        (GOOD | {"primary_key": ["id"]}, "'primary_key' was unexpected"),
        (GOOD | {"primary_keys": "id"}, "in queries.0.primary_keys, has the wrong type"),
        (GOOD | {"column_types": {"id": "int"}}, "in queries.0.column_types.id, 'int'"),
        ("SELECT 1", "in queries.0, has the wrong type"),
        (GOOD | {"name": "My query"}, "'My query' is no name of a stream"),
        (GOOD | {"name": "transaction"}, "transaction is the name of a table"),
        (GOOD | {"name": "customrecord_mine"}, "may be the name of another stream"),
        (GOOD | {"name": "record_customer"}, "may be the name of another stream"),
        (GOOD | {"name": "unreadable_record"}, "may be the name of another stream"),
        (GOOD | {"query": " \n"}, "mine: the query is empty"),
        (GOOD | {"primary_keys": ["id", "ID"]}, "mine: a column stands twice"),
        (GOOD | {"primary_keys": ["the id"]}, "mine: 'the id' is no name of a column"),
        (GOOD | {"replication_key": "changed"}, "mine: a replication_key needs primary_keys"),
    ],
)
def test_what_is_wrong_with_a_query_is_one_sentence(query: object, words: str) -> None:
    [sentence] = wrong(query)
    assert sentence.startswith("queries: ")
    assert words in sentence
    assert sentence.endswith(".")


def test_two_queries_of_one_name_are_refused() -> None:
    [sentence] = wrong(GOOD, GOOD | {"query": "SELECT v.id FROM vendor v"})
    assert sentence == "queries: mine is the name of 2 queries; give each its own."


@pytest.mark.parametrize("malformed", [{"queries": [{"name": "mine"}]}, {"records": ["a b"]}])
def test_one_that_is_malformed_is_all_that_is_wrong_where_no_tables_are_wanted(
    malformed: dict[str, Any],
) -> None:
    [sentence] = problems({"demo": True, "tables": [], **malformed})
    assert sentence.startswith(tuple(malformed))


def test_a_table_that_the_settings_name_keeps_its_name() -> None:
    [sentence] = wrong(GOOD, tables=["Mine"])
    assert "mine is the name of a table" in sentence
