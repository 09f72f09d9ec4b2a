import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.reserved_words import RESERVED_WORDS
from tap_netsuite_tba.tables import (
    DELETED_AT,
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
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


@pytest.mark.parametrize("kind", [ColumnType.DATE, ColumnType.TEXT])
def test_a_cursor_that_tells_no_instants_is_given_up(kind: ColumnType) -> None:
    columns = (ID, Column("lastmodifieddate", kind))
    table = Table("vendor", ("id",), columns, "lastmodifieddate").without_missing_cursor()
    assert table.cursor is None
    assert table.columns == columns


def test_a_transactions_date_that_tells_no_instants_is_given_up_with_its_column() -> None:
    dated = Column(PARENT_MODIFIED_AT, ColumnType.DATE)
    table = LINES.with_columns((*LINES.columns[:3], dated)).without_missing_cursor()
    assert table.parent is None
    assert table.columns == LINES.columns[:3]


def test_a_date_of_lines_that_tells_no_instants_is_not_compared() -> None:
    own = Column("linelastmodifieddate", ColumnType.DATE)
    columns = (*LINES.columns[:2], own, PARENT_MODIFIED)
    table = LINES.with_columns(columns).without_missing_cursor()
    assert table.parent == Parent("transaction", "transaction")
    assert table.columns == columns


def test_a_cursor_has_the_form_of_its_column() -> None:
    local = Column("lastmodifieddate", ColumnType.DATETIME, form=Form.LOCAL)
    table = Table("vendor", ("id",), (ID, local), "lastmodifieddate")
    assert (table.cursor_form, table.line_cursor_form) == (Form.LOCAL, Form.USUAL)
    own = Column("linelastmodifieddate", ColumnType.DATETIME, form=Form.LOCAL)
    lines = LINES.with_columns((*LINES.columns[:2], own, PARENT_MODIFIED))
    assert (lines.cursor_form, lines.line_cursor_form) == (Form.USUAL, Form.LOCAL)


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


@pytest.mark.parametrize(
    ("column", "wire_name"),
    [
        (Column("date", ColumnType.DATE), "sdc_date"),
        (Column("level", ColumnType.DATETIME), "sdc_level"),
        (Column("class", ColumnType.INTEGER), "class"),
        (Column("comment", ColumnType.TEXT), "comment"),
        (Column("trandate", ColumnType.DATE), "trandate"),
        (Column("_x", ColumnType.TEXT), "sdc__x"),
        (Column("entity_label", ColumnType.TEXT, label_of="entity"), "entity_label"),
        (Column(DELETED_AT, ColumnType.DATETIME), "sdc_deleted_at"),
    ],
)
def test_an_alias_is_no_reserved_word_and_begins_with_a_letter(
    column: Column, wire_name: str
) -> None:
    assert column.wire_name == wire_name


_NAMES = (
    st.sampled_from([*sorted(RESERVED_WORDS), PARENT_MODIFIED_AT, DELETED_AT])
    | st.from_regex(r"[a-c_][a-c_$]{0,3}", fullmatch=True)
    | st.sampled_from(["deleted_at", "parent_modified_at"])
).flatmap(lambda name: st.sampled_from([name, f"_{name}", f"sdc_{name}", f"_sdc_{name}"]))


@given(st.dictionaries(_NAMES, st.sampled_from(ColumnType), min_size=2))
def test_no_two_columns_of_a_table_have_the_same_name_in_an_answer(
    kinds: dict[str, ColumnType],
) -> None:
    columns = [Column(name, kind) for name, kind in kinds.items()]
    wire_names = [column.wire_name for column in columns]
    assert len(set(wire_names)) == len(columns)
    aliases = {c.wire_name for c in columns if c.is_computed or c.wire_name != c.name}
    assert aliases.isdisjoint(RESERVED_WORDS)
    assert not any(alias.startswith("_") for alias in aliases)


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
