import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Parent,
    Table,
    is_identifier,
)

ID = Column("id", ColumnType.INTEGER)
MODIFIED = Column("lastmodifieddate", ColumnType.DATETIME)
PARENT_MODIFIED = Column(PARENT_MODIFIED_AT, ColumnType.DATETIME)
LINES = Table(
    "transactionline",
    ("transaction", "id"),
    (
        Column("transaction", ColumnType.INTEGER),
        ID,
        Column("linelastmodifieddate", ColumnType.DATETIME),
        PARENT_MODIFIED,
    ),
    parent=Parent("transaction", "transaction", line_cursor="linelastmodifieddate"),
    deleted_types=frozenset({"invoice"}),
)
SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_$#")


def test_the_cursor_is_the_replication_key() -> None:
    assert Table("vendor", ("id",), (ID, MODIFIED), "lastmodifieddate").replication_key == (
        "lastmodifieddate"
    )


def test_lines_change_with_their_transaction() -> None:
    assert LINES.replication_key == PARENT_MODIFIED_AT


def test_a_table_without_cursor_and_parent_has_no_replication_key() -> None:
    assert Table("currency", ("id",), (ID,)).replication_key is None


@pytest.mark.parametrize(
    ("key", "by_ranges"),
    [
        (("id",), True),
        (("id", "line"), True),
        (("id", "code"), False),
        (("code",), False),
        ((), False),
    ],
)
def test_a_table_is_read_by_ranges_if_its_key_is_of_integers(
    key: tuple[str, ...],
    by_ranges: bool,  # noqa: FBT001 - pytest calls it
) -> None:
    columns = (ID, Column("line", ColumnType.INTEGER), Column("code", ColumnType.TEXT))
    assert Table("mixed", key, columns).is_read_by_ranges is by_ranges


def test_a_cursor_that_is_not_among_the_columns_is_given_up() -> None:
    table = Table("vendor", ("id",), (ID,), "lastmodifieddate").without_missing_cursor()
    assert table.cursor is None
    assert table.replication_key is None


def test_a_cursor_that_is_among_the_columns_stays() -> None:
    table = Table("vendor", ("id",), (ID, MODIFIED), "lastmodifieddate")
    assert table.without_missing_cursor() == table


def test_lines_without_their_transactions_date_have_no_parent_either() -> None:
    table = LINES.with_columns(LINES.columns[:3]).without_missing_cursor()
    assert table.parent is None
    assert table.replication_key is None
    assert not table.deleted_types, "they are found by the parent"


def test_lines_without_a_date_of_their_own_go_by_their_transactions_alone() -> None:
    assert LINES.without_missing_cursor() == LINES
    table = LINES.with_columns((*LINES.columns[:2], PARENT_MODIFIED)).without_missing_cursor()
    assert table.parent == Parent("transaction", "transaction")
    assert table.replication_key == PARENT_MODIFIED_AT
    assert table.deleted_types == LINES.deleted_types


def test_a_table_whose_cursor_is_given_up_keeps_its_deleted_types() -> None:
    types = frozenset({"vendor"})
    table = Table("vendor", ("id",), (ID,), "lastmodifieddate", deleted_types=types)
    assert table.without_missing_cursor().deleted_types == types


def test_other_columns_leave_the_rest_of_the_table_as_it_is() -> None:
    other = LINES.with_columns((PARENT_MODIFIED,))
    assert other.column_names == (PARENT_MODIFIED_AT,)
    assert (other.name, other.key, other.parent) == (LINES.name, LINES.key, LINES.parent)


def test_a_column_that_netsuite_does_not_have_is_asked_for_without_its_underscore() -> None:
    assert PARENT_MODIFIED.wire_name == "sdc_parent_modified_at"
    assert MODIFIED.wire_name == "lastmodifieddate"


@pytest.mark.parametrize("name", ["id", "custbody_acs_1", "custcol$x", "map#1", "_sdc_x"])
def test_netsuites_names_are_taken(name: str) -> None:
    assert Column(name, ColumnType.TEXT).name == name
    assert Table(name, ("id",), (ID,)).name == name


@pytest.mark.parametrize(
    "name",
    ["", "Id", "1st", "a b", "a;", "a'", 'a"', "a--", "a.b", "a)", "a\n", "ä", "id,x", "a/*", "²"],
)
def test_what_suiteql_does_not_take_unquoted_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name that SuiteQL takes unquoted"):
        Column(name, ColumnType.TEXT)
    with pytest.raises(ValueError, match="no name that SuiteQL takes unquoted"):
        Table(name, ("id",), (ID,))


@given(st.text(max_size=8) | st.text("abA1_$# ;'\n", max_size=8))
def test_an_identifier_has_no_other_characters_than_the_safe_ones(name: str) -> None:
    safe = bool(name) and set(name) <= SAFE and name[0] not in "0123456789$#"
    assert is_identifier(name) is safe
