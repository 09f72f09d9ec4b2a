import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tap_netsuite_tba.shipped import schemas_folder, shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Group, Parent, Table

SCHEMAS = Path(__file__).parents[1] / "schemas"
FILES = sorted(SCHEMAS.glob("*.json"))
META_SCHEMA = json.loads((SCHEMAS / "meta" / "table.schema.json").read_text(encoding="utf-8"))
FINANCE = {
    "account",
    "accountingperiod",
    "currency",
    "customer",
    "department",
    "employee",
    "item",
    "subsidiary",
    "transaction",
    "transactionaccountingline",
    "transactionline",
    "vendor",
}

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def described(file: Path) -> dict[str, Any]:
    """What a file says; a name that occurs twice fails."""

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert sorted(names) == sorted(set(names))
        return dict(pairs)

    content = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=without_repeats)
    assert isinstance(content, dict)
    return content


def types(table: Table) -> dict[str, ColumnType]:
    return {column.name: column.type for column in table.columns}


def breaches(description: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(META_SCHEMA).iter_errors(description)]


def test_the_meta_schema_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(META_SCHEMA)


@every_file
def test_each_file_obeys_the_meta_schema(file: Path) -> None:
    assert breaches(described(file)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("source"),
        lambda d: d.update(comment="No such property."),
        lambda d: d.update(table="Transaction"),
        lambda d: d.update(group="other"),
        lambda d: d.pop("key"),
        lambda d: d.update(key=["id", "id"]),
        lambda d: d.update(parent={"table": "transaction", "column": "transaction"}),
        lambda d: d["columns"].update(Upper={"type": "text", "description": "A name."}),
        lambda d: d["columns"].update(amount={"type": "float", "description": "A type."}),
        lambda d: d["columns"].update(amount={"type": "decimal"}),
        lambda d: d["columns"].update(
            {f"c{n}": {"type": "text", "description": "One of many."} for n in range(90)}
        ),
    ],
    ids=[
        "no source",
        "unknown property",
        "upper case table",
        "unknown group",
        "no key",
        "repeated key",
        "cursor beside a parent",
        "upper case column",
        "unknown type",
        "no description",
        "too many columns",
    ],
)
def test_the_meta_schema_refuses_a_spoilt_description(
    spoil: Callable[[dict[str, Any]], object],
) -> None:
    description = described(SCHEMAS / "transaction.json")
    spoil(description)
    assert breaches(description)


@every_file
def test_a_file_is_named_after_its_table(file: Path) -> None:
    assert described(file)["table"] == file.stem


def test_the_tables_that_carry_finance_are_shipped() -> None:
    core = {table.name for table in shipped_tables().values() if table.group is Group.CORE}
    assert core == FINANCE


def test_every_file_becomes_a_table() -> None:
    assert list(shipped_tables()) == [file.stem for file in FILES]


def test_the_work_tree_reads_its_own_descriptions() -> None:
    assert schemas_folder() == SCHEMAS


@every_file
def test_a_table_says_what_its_file_says(file: Path) -> None:
    description = described(file)
    table = shipped_tables()[file.stem]
    parent = table.parent and {
        "table": table.parent.table,
        "column": table.parent.column,
        "line_cursor": table.parent.line_cursor,
        "main_line": dict(table.parent.main_line),
    }
    assert list(table.key) == description["key"]
    assert table.cursor == description["cursor"]
    assert parent == description.get("parent")
    assert table.group == description["group"]
    assert table.description == description["description"]
    assert {
        column.name: {"type": column.type, "description": column.description}
        for column in table.columns
    } == description["columns"]


def test_lines_are_read_with_their_transaction() -> None:
    lines = shipped_tables()["transactionline"]
    assert lines.key == ("transaction", "id")
    assert lines.parent == Parent(
        "transaction", "transaction", line_cursor="linelastmodifieddate", main_line=(("id", 0),)
    )
    assert lines.group is Group.CORE
    assert lines.columns[0] == Column(
        "transaction", ColumnType.INTEGER, "Internal id of the transaction."
    )


@every_file
def test_key_columns_come_first(file: Path) -> None:
    table = shipped_tables()[file.stem]
    assert table.column_names[: len(table.key)] == table.key


def test_keys_are_integers_but_for_some_tables_that_are_small_or_read_only_when_named() -> None:
    others = {t.name: t.group for t in shipped_tables().values() if not t.is_read_by_ranges}
    assert others == {
        "entitystatus": Group.DETAIL,
        "nexttransactionlinelink": Group.SYSTEM,
        "pricing": Group.SYSTEM,
        "transactionstatus": Group.DETAIL,
    }


@every_file
def test_columns_after_the_key_are_in_alphabetical_order(file: Path) -> None:
    table = shipped_tables()[file.stem]
    others = table.column_names[len(table.key) :]
    assert list(others) == sorted(others)


def test_a_cursor_is_an_instant() -> None:
    cursors = {
        table.name: types(table).get(table.cursor)
        for table in shipped_tables().values()
        if table.cursor
    }
    assert cursors == dict.fromkeys(
        ("customer", "employee", "item", "nexttransactionlinelink", "transaction", "vendor"),
        ColumnType.DATETIME,
    )


@pytest.mark.parametrize("name", ["transactionaccountingline", "transactionline"])
def test_the_parent_of_lines_has_the_key_and_the_cursor_that_they_rely_on(name: str) -> None:
    lines = shipped_tables()[name]
    assert lines.parent is not None
    parent = shipped_tables()[lines.parent.table]
    assert parent.key == ("id",)
    assert parent.cursor == lines.parent.cursor
    assert types(lines)[lines.parent.column] is ColumnType.INTEGER
    assert lines.key == (lines.parent.column, *dict(lines.parent.main_line))
    assert types(lines)[str(lines.parent.line_cursor)] is ColumnType.DATETIME


def test_what_the_log_of_deletions_names_has_one_integer_for_a_key_or_an_owner_that_has() -> None:
    for table in shipped_tables().values():
        if table.deleted_types:
            assert len(table.key) == 1 or table.parent, table.name
            assert types(table)[table.logged_column] is ColumnType.INTEGER


@pytest.mark.parametrize("name", ["transactionaccountingline", "transactionline"])
def test_lines_are_deleted_with_their_transaction(name: str) -> None:
    tables = shipped_tables()
    assert tables[name].deleted_types == tables["transaction"].deleted_types
    assert "salesorder" in tables[name].deleted_types


def test_only_lines_have_a_parent() -> None:
    owned = [table.name for table in shipped_tables().values() if table.parent]
    assert owned == ["transactionaccountingline", "transactionline"]
