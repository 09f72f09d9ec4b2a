"""Of which type a column of a query is, by its text, by tables that are known, and by rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tap_netsuite_tba.discovery.query_columns import Described, described_columns
from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

INTEGER, DECIMAL, BOOLEAN = ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.BOOLEAN
DATE, DATETIME, TEXT = ColumnType.DATE, ColumnType.DATETIME, ColumnType.TEXT


def described(
    query: str | OwnQuery, shown: Mapping[str, Sequence[Any]], earlier: Table | None = None
) -> Described:
    own = OwnQuery("mine", query) if isinstance(query, str) else query
    return described_columns(own, outline(own.query), shown, earlier)


def types(found: Described) -> dict[str, ColumnType]:
    return {column.name: column.type for column in found.columns}


def test_a_column_of_a_known_table_is_what_it_is_there_whatever_a_few_rows_show() -> None:
    found = described(
        "SELECT t.id, t.foreigntotal AS total, t.trandate, t.lastmodifieddate, c.isperson "
        "FROM transaction t LEFT JOIN customer c ON c.id = t.entity",
        {"total": ["100"]},
    )
    assert types(found) == {
        "id": INTEGER,
        "total": DECIMAL,
        "trandate": DATE,
        "lastmodifieddate": DATETIME,
        "isperson": BOOLEAN,
    }
    assert found.guessed == ()


def test_it_is_described_as_there() -> None:
    [entity] = described("SELECT t.entity AS customer FROM transaction t", {}).columns
    assert entity.name == "customer"
    assert entity.description


def test_a_value_that_cannot_be_of_that_type_wins() -> None:
    found = described("SELECT t.entity FROM transaction t", {"entity": ["C-17"]})
    assert types(found) == {"entity": TEXT}


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("COUNT(*)", INTEGER),
        ("COUNT(DISTINCT t.entity)", INTEGER),
        ("SUM(t.foreigntotal)", DECIMAL),
        ("avg(t.foreigntotal)", DECIMAL),
        ("TO_CHAR(t.trandate, 'YYYY-MM')", TEXT),
        ("BUILTIN.DF(t.entity)", TEXT),
    ],
)
def test_a_function_tells_its_type_with_and_without_rows(expression: str, kind: ColumnType) -> None:
    text = "SELECT ? AS x FROM transaction t".replace("?", expression)
    assert types(described(text, {})) == {"x": kind}
    assert types(described(text, {"x": ["12"]})) == {"x": kind}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT t.rate * t.quantity AS x FROM transactionline t",
        "SELECT NVL(t.rate, 0) AS x FROM transactionline t",
        "SELECT s.x FROM (SELECT SUM(l.quantity) AS x FROM transactionline l) s",
        "SELECT c.custentity_x AS x FROM customer c UNION SELECT v.id * 2 FROM vendor v",
    ],
)
def test_whole_numbers_that_are_computed_may_have_fractions_in_other_rows(text: str) -> None:
    assert types(described(text, {"x": ["12"]})) == {"x": DECIMAL}


def test_a_primary_key_that_is_computed_stays_an_integer() -> None:
    text = "SELECT NVL(t.entity, 0) AS x FROM transaction t"
    assert types(described(OwnQuery("mine", text, ("x",)), {"x": ["12"]})) == {"x": INTEGER}


def test_a_primary_key_of_a_numeric_function_is_an_integer_if_its_values_are() -> None:
    text = "SELECT TO_NUMBER(TO_CHAR(t.trandate, 'YYYYMM')) AS month FROM transaction t"
    query = OwnQuery("mine", text, ("month",))
    assert types(described(query, {"month": ["202601"]})) == {"month": INTEGER}
    assert types(described(query, {"month": ["2026.5"]})) == {"month": DECIMAL}


def test_a_custom_column_is_what_its_values_are() -> None:
    text = "SELECT t.custbody_a, t.custbody_b, t.custbody_c FROM transaction t"
    shown = {"custbody_a": ["12"], "custbody_b": ["T", "F"], "custbody_c": ["8/5/2025"]}
    assert types(described(text, shown)) == {
        "custbody_a": INTEGER,
        "custbody_b": BOOLEAN,
        "custbody_c": DATETIME,  # until its times of day are known
    }


def test_in_a_union_the_first_select_does_not_tell_for_the_others() -> None:
    text = (
        "SELECT c.id, COUNT(*) AS n FROM customer c UNION ALL SELECT v.entityid, 'x' FROM vendor v"
    )
    found = described(text, {"id": ["V1"], "n": ["x"]})
    assert types(found) == {"id": TEXT, "n": TEXT}


def test_in_a_union_neither_a_table_nor_a_function_tells_a_type_that_values_may_fit() -> None:
    text = "SELECT c.id, COUNT(*) AS n FROM customer c UNION ALL SELECT v.entityid, 1 FROM vendor v"
    assert types(described(text, {"id": ["1"], "n": ["1"]})) == {"id": DECIMAL, "n": DECIMAL}
    assert described(text, {}).guessed == ("id", "n")


def test_what_nothing_tells_is_a_text_and_said_to_be_guessed() -> None:
    found = described("SELECT t.custbody_x, MAX(t.memo) AS y FROM transaction t", {"y": ["a"]})
    assert types(found) == {"custbody_x": TEXT, "y": TEXT}
    assert found.guessed == ("custbody_x",)


def test_keys_that_nothing_tells_are_taken_for_what_they_are_to_be() -> None:
    text = "SELECT s.a, s.b FROM (SELECT 1 AS a, SYSDATE AS b FROM dual) s"
    found = described(OwnQuery("mine", text, ("a",), "b"), {})
    assert types(found) == {"a": INTEGER, "b": DATETIME}


def test_the_settings_overrule_all() -> None:
    text = "SELECT t.id, COUNT(*) AS n, t.custbody_x AS x FROM transaction t"
    kinds = {"id": TEXT, "n": DECIMAL, "x": DATE}
    query = OwnQuery("mine", text, column_types=kinds)
    found = described(query, {"id": ["1"], "n": ["2"], "x": ["y"]})
    assert types(found) == kinds
    assert found.guessed == ()


def test_columns_come_in_the_order_of_the_select() -> None:
    text = "SELECT t.tranid, t.id, t.entity FROM transaction t"
    assert [*types(described(text, {}))] == ["tranid", "id", "entity"]


def test_a_star_stands_for_what_rows_show_and_known_tables_tell_what_it_is() -> None:
    text = "SELECT COUNT(*) AS n, t.* FROM transaction t"
    found = described(text, {"n": ["2"], "foreigntotal": ["5"], "custbody_x": ["6"]})
    assert types(found) == {"n": INTEGER, "custbody_x": INTEGER, "foreigntotal": DECIMAL}


def test_what_an_earlier_sample_showed_is_kept() -> None:
    earlier = Table(
        "mine",
        (),
        (
            Column("custbody_x", BOOLEAN, source=Source.SAMPLE),
            Column("custbody_y", DECIMAL, source=Source.SAMPLE),
            Column("custbody_z", TEXT, source=Source.QUERY),
        ),
    )
    text = "SELECT t.custbody_x, t.custbody_y, t.custbody_z FROM transaction t"
    found = described(text, {"custbody_y": ["5"], "custbody_z": ["5"]}, earlier)
    assert types(found) == {
        "custbody_x": BOOLEAN,
        "custbody_y": DECIMAL,
        "custbody_z": INTEGER,  # which was only guessed
    }
