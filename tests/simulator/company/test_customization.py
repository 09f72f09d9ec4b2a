import re

import pytest

from tests.simulator.company.conftest import Ask

FIELDS_OF = {
    "transaction": "custbody",
    "transactionline": "custcol",
    "item": "custitem",
    "customrecord_vehicle": "custrecord_vehicle",
    "customrecord_quality_check": "custrecord_qc",
    "customrecord49": "custrecord3",
}
FIELD_TYPES = "SELECT lower(scriptid), fieldvaluetype FROM customfield"
TYPE_OF = {
    "BIGINT": {"Integer Number", "List/Record"},
    "DECIMAL": {"Decimal Number", "Percent", "Currency"},
    "DATE": {"Date"},
    "TIMESTAMP": {"Date/Time"},
    "VARCHAR": {"Free-Form Text", "Text Area", "Long Text", "Check Box", "Multiple Select"},
}


@pytest.mark.parametrize("table", [*FIELDS_OF, "customer", "vendor", "employee", "account"])
def test_every_custom_column_is_a_row_of_customfield_with_its_type(ask: Ask, table: str) -> None:
    fields: dict[str, str] = dict(ask(FIELD_TYPES))
    columns = {
        name: kind.split("(")[0]
        for name, kind, *_ in ask("DESCRIBE {table}", table=table)
        if re.match("cust(body|col|entity|item|record)", name)
    }

    assert columns
    assert {name: fields[name] in TYPE_OF[kind] for name, kind in columns.items()} == dict.fromkeys(
        columns,
        True,
    )


@pytest.mark.parametrize(("table", "prefix"), FIELDS_OF.items())
def test_a_stored_active_field_is_a_column(ask: Ask, table: str, prefix: str) -> None:
    stored = """
        SELECT lower(scriptid) FROM customfield
        WHERE starts_with(lower(scriptid), '{prefix}') AND isstored = 'T' AND isinactive = 'F'
    """
    columns = {name for name, *_ in ask("DESCRIBE {table}", table=table)}

    assert {name for (name,) in ask(stored, prefix=prefix)} <= columns


def test_a_formula_and_an_inactive_field_are_no_columns(ask: Ask) -> None:
    traps = "SELECT lower(scriptid) FROM customfield WHERE isstored = 'F' OR isinactive = 'T'"
    columns = {
        name
        for table in ("transaction", "customer")
        for name, *_ in ask("DESCRIBE {table}", table=table)
    }

    assert len(ask(traps)) == 2
    assert not {name for (name,) in ask(traps)} & columns


def test_script_ids_are_upper_case_and_name_tables_in_lower_case(ask: Ask) -> None:
    tables = {name for (name,) in ask("SHOW TABLES")}
    scripts = """
        SELECT scriptid FROM customrecordtype UNION ALL SELECT scriptid FROM customlist
    """
    named = [name for (name,) in ask(scripts)]

    assert len(named) == 7
    assert all(name == name.upper() and name.lower() in tables for name in named)


def test_multiple_selects_are_lists_of_ids(ask: Ask) -> None:
    values = {value for (value,) in ask("SELECT DISTINCT custbody_certificates FROM transaction")}

    assert values == {None, "3", "1, 3, 5", "2, 4"}


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("transaction", "custbody_channel", "customlist_sales_channel"),
        ("customer", "custentity_region", "customlist_region"),
        ("vendor", "custentity_region", "customlist_region"),
        ("employee", "custentity_region", "customlist_region"),
    ],
)
def test_what_is_selected_is_in_its_list(ask: Ask, table: str, column: str, values: str) -> None:
    lost = """
        SELECT count({column}) > 0,
               count({column}) FILTER ({column} NOT IN (SELECT id FROM {values}))
        FROM {table}
    """
    assert ask(lost, table=table, column=column, values=values) == [(True, 0)]


@pytest.mark.parametrize(
    ("table", "column"),
    [("transaction", "custbody_certificates"), ("item", "custitem_certificates")],
)
def test_a_mapping_table_pairs_records_with_what_is_selected(
    ask: Ask, table: str, column: str
) -> None:
    listed = """
        SELECT mapone, string_agg(maptwo, ', ' ORDER BY maptwo) FROM map_{table}_{column}
        JOIN customlist_certificate AS c ON c.id = maptwo GROUP BY 1
    """
    selected = "SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL"
    pairs = set(ask(listed, table=table, column=column))

    assert pairs == set(ask(selected, table=table, column=column))
    assert any(", " in several for _, several in pairs)


def test_custom_records_have_many_rows_on_one_second(ask: Ask) -> None:
    ties = """
        SELECT count(*) FROM customrecord_quality_check
        GROUP BY lastmodified ORDER BY 1 DESC LIMIT 1
    """
    assert ask(ties)[0][0] > 100
