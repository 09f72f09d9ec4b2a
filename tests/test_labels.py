"""Which columns get a label, and how labels are told from other columns in a catalog."""

import logging
from dataclasses import replace

import pytest

from tap_netsuite_tba.labels import labelled, with_labels_told
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table

TABLE = Table(
    "transaction",
    ("id",),
    (
        Column("id", ColumnType.INTEGER),
        Column("entity", ColumnType.INTEGER),
        Column("status", ColumnType.TEXT),
        Column("custbody_regions", ColumnType.MULTISELECT),
        Column("trandate", ColumnType.DATE),
        Column("lastmodifieddate", ColumnType.DATETIME),
        Column("foreigntotal", ColumnType.DECIMAL),
        Column("posting", ColumnType.BOOLEAN),
    ),
    "lastmodifieddate",
)
OWN = Column("status_label", ColumnType.TEXT, "What the status is called.")


def labels_of(table: Table) -> dict[str, str]:
    """The labels of a table, each with the column that it is of."""
    return {column.name: column.label_of for column in table.columns if column.label_of}


@pytest.mark.parametrize(
    ("pattern", "labels"),
    [
        ("transaction.entity", {"entity_label"}),
        ("*.status", {"status_label"}),
        ("trans*.e*", {"entity_label"}),
        ("transaction.custbody_*", {"custbody_regions_label"}),
        ("*.*", {"entity_label", "status_label", "custbody_regions_label"}),
        ("customer.entity", set()),
        ("transaction.id", set()),
        ("transaction.*date", set()),
        ("entity", set()),
    ],
)
def test_columns_that_a_pattern_names_get_a_label_if_they_may_be_of_a_list(
    pattern: str, labels: set[str]
) -> None:
    assert set(labels_of(labelled(TABLE, [pattern]))) == labels


def test_a_label_is_text_behind_its_column() -> None:
    table = labelled(TABLE, ["*.entity"])
    assert table.column_names[:4] == ("id", "entity", "entity_label", "status")
    label = table.columns[2]
    assert (label.type, label.label_of, label.source) == (ColumnType.TEXT, "entity", Source.TAP)
    assert label.description == "Display text of entity."


def test_without_patterns_a_table_stays_as_it_is() -> None:
    assert labelled(TABLE, []) == TABLE


def test_a_part_of_a_key_may_have_a_label() -> None:
    columns = (Column("item", ColumnType.INTEGER), Column("vendor", ColumnType.INTEGER))
    table = Table("itemvendor", ("item", "vendor"), columns)
    assert labels_of(labelled(table, ["*.vendor"])) == {"vendor_label": "vendor"}


def test_a_label_takes_no_name_that_the_table_has(caplog: pytest.LogCaptureFixture) -> None:
    table = TABLE.with_columns((*TABLE.columns, OWN))
    with caplog.at_level(logging.WARNING):
        found = labelled(table, ["*.status", "*.entity"])
    assert labels_of(found) == {"entity_label": "entity"}
    assert found.columns[-1] is OWN
    [said] = caplog.messages
    assert said == (
        "include_labels: transaction.status gets no label, for the table has a column status_label "
        "of its own."
    )


def test_labels_are_told_by_their_names_and_the_setting() -> None:
    plain = Column("entity_label", ColumnType.TEXT)
    table = TABLE.with_columns((*TABLE.columns, plain))
    assert labels_of(with_labels_told(table, ["*.entity"])) == {"entity_label": "entity"}
    assert with_labels_told(table, ["*.status"]) == table
    without_base = table.with_columns((TABLE.columns[0], plain))
    assert with_labels_told(without_base, ["*.*"]) == without_base


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        Column("status_label", ColumnType.TEXT, title="Status Label"),
        Column("status_label", ColumnType.INTEGER),
    ],
)
def test_a_column_that_is_otherwise_described_is_netsuites_own(own: Column) -> None:
    table = TABLE.with_columns((*TABLE.columns, own))
    assert with_labels_told(table, ["*.*"]) == table


@pytest.mark.parametrize("patterns", [[], ["*.status"]])
def test_a_column_described_as_a_label_is_one_whatever_the_setting_is_by_now(
    patterns: list[str],
) -> None:
    made = labelled(TABLE, ["*.entity", "*.custbody_regions"])
    plain = [replace(column, label_of="", source=Source.SHIPPED) for column in made.columns]
    assert with_labels_told(made.with_columns(tuple(plain)), patterns) == made


@pytest.mark.parametrize("name", ["_label", "label", "entity_labels"])
def test_a_name_that_is_of_no_label_is_none(name: str) -> None:
    described = f"Display text of {name.removesuffix('_label')}."
    table = TABLE.with_columns((Column(name, ColumnType.TEXT, described),))
    assert with_labels_told(table, ["*.*"]) == table
