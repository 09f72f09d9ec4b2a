"""By which expression each column is read, and each cursor compared."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tap_netsuite_tba.netsuite.expressions import EXPRESSIONS, selected
from tap_netsuite_tba.netsuite.suiteql import (
    Since,
    expressions,
    select_every,
    select_nothing,
    select_page_ends,
    select_rows,
    select_unchanged_count,
)
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
    Parent,
    Table,
)

USUAL = "SYS_EXTRACT_UTC({})"
LOCAL = (
    "SYS_EXTRACT_UTC(TO_TIMESTAMP(TO_CHAR({}, 'YYYY-MM-DD HH24:MI:SS'), 'YYYY-MM-DD HH24:MI:SS'))"
)
UTC_FORMAT = '\'YYYY-MM-DD"T"HH24:MI:SS"Z"\''
SINCE = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
ID = Column("id", ColumnType.INTEGER)
MODIFIED = Column("lastmodifieddate", ColumnType.DATETIME)
ENTITY_LABEL = Column("entity_label", ColumnType.TEXT, label_of="entity")
CUSTOMER = Table("customer", ("id",), (ID, MODIFIED), "lastmodifieddate")
LINES = Table(
    "transactionline",
    ("transaction", "id"),
    (
        Column("transaction", ColumnType.INTEGER),
        ID,
        Column("linelastmodifieddate", ColumnType.DATETIME),
        Column(PARENT_MODIFIED_AT, ColumnType.DATETIME),
    ),
    parent=Parent("transaction", "transaction", line_cursor="linelastmodifieddate"),
)


def with_form(table: Table, name: str, form: Form) -> Table:
    """The same table, of which one column has another form."""
    return table.with_columns(
        tuple(replace(c, form=form) if c.name == name else c for c in table.columns)
    )


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "kind",
    [
        ColumnType.INTEGER,
        ColumnType.DECIMAL,
        ColumnType.BOOLEAN,
        ColumnType.TEXT,
        ColumnType.MULTISELECT,
    ],
)
def test_what_netsuite_gives_as_it_is_stands_bare(kind: ColumnType, form: Form) -> None:
    assert selected(Column("x", kind, form=form), "t.x") == "t.x"


@pytest.mark.parametrize("form", Form)
def test_a_date_is_written_out(form: Form) -> None:
    column = Column("trandate", ColumnType.DATE, form=form)
    assert selected(column, "t.trandate") == "TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate"


@pytest.mark.parametrize(("form", "in_utc"), [(Form.USUAL, USUAL), (Form.LOCAL, LOCAL)])
def test_an_instant_is_written_out_in_utc(form: Form, in_utc: str) -> None:
    column = Column("created", ColumnType.DATETIME, form=form)
    assert selected(column, "t.created") == (
        f"TO_CHAR({in_utc.format('t.created')}, {UTC_FORMAT}) AS created"
    )


def test_a_label_is_the_display_text_of_its_column() -> None:
    assert selected(ENTITY_LABEL, "t.entity") == "BUILTIN.DF(t.entity) AS entity_label"
    text = select_rows(CUSTOMER, (ID, ENTITY_LABEL))
    assert text == (
        "SELECT BUILTIN.DF(t.entity) AS entity_label, t.id FROM customer t ORDER BY t.id ASC"
    )
    assert expressions((ID, ENTITY_LABEL)) == ("entity_label",)


def test_a_table_without_key_is_in_the_order_of_what_labels_are_of() -> None:
    keyless = replace(CUSTOMER, key=())
    columns = (ENTITY_LABEL, Column("entity", ColumnType.INTEGER), ID)
    assert select_rows(keyless, columns).endswith(" ORDER BY t.entity ASC, t.id ASC")
    assert select_nothing(keyless, columns).endswith(" t.entity IS NULL AND t.entity IS NOT NULL")


def test_a_column_is_computed_exactly_if_its_expression_is_not_bare() -> None:
    for kind in ColumnType:
        for form in Form:
            is_computed = EXPRESSIONS[kind][form] != "{}"
            assert Column("x", kind, form=form).is_computed is is_computed


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (Column("date", ColumnType.DATE), "TO_CHAR(t.date, 'YYYY-MM-DD') AS sdc_date"),
        (
            Column("timestamp", ColumnType.DATETIME),
            f"TO_CHAR(SYS_EXTRACT_UTC(t.timestamp), {UTC_FORMAT}) AS sdc_timestamp",
        ),
        (Column("date", ColumnType.TEXT), "t.date"),
        (Column("level", ColumnType.INTEGER), "t.level"),
        (Column("_x", ColumnType.TEXT), "t._x AS sdc__x"),
        (Column("sdc_date", ColumnType.TEXT), "t.sdc_date AS sdc_sdc_date"),
    ],
)
def test_no_alias_is_a_reserved_word(column: Column, text: str) -> None:
    selection = select_rows(CUSTOMER, (column,)).partition(" FROM customer t ")[0]
    assert selection == f"SELECT {text}"


def test_numbered_rows_are_selected_by_their_aliases() -> None:
    columns = (ID, Column("date", ColumnType.DATE))
    text = select_every(1000, replace(CUSTOMER, key=()), columns)
    assert text.startswith("SELECT id, sdc_date FROM (SELECT TO_CHAR(t.date, 'YYYY-MM-DD') AS sdc_")


@pytest.mark.parametrize(("form", "other"), [(Form.USUAL, LOCAL), (Form.LOCAL, USUAL)])
@pytest.mark.parametrize(
    ("table", "cursor"),
    [
        (CUSTOMER, "t.lastmodifieddate"),
        (LINES, "p.lastmodifieddate"),
        (LINES, "c.linelastmodifieddate"),
    ],
)
def test_a_cursor_is_compared_as_it_is_read(
    table: Table, cursor: str, form: Form, other: str
) -> None:
    column = table.replication_key if cursor[0] in "tp" else "linelastmodifieddate"
    formed = with_form(table, column or "", form)
    in_utc = (LOCAL if form is Form.LOCAL else USUAL).format(cursor)
    since = Since(SINCE)
    for text in (
        select_rows(formed, formed.columns, since=since),
        select_page_ends(formed, after=None, pages=1, step=990, since=since),
        select_unchanged_count(formed, SINCE, since=since, highest=None),
    ):
        assert f"{in_utc} >= TO_TIMESTAMP('2026-03-01 10:30:00'" in text
        assert other.format(cursor) not in text
    unchanged = select_unchanged_count(formed, SINCE, since=None, highest=None)
    assert (f"WHERE {in_utc} < TO_TIMESTAMP(" in unchanged) is (cursor[0] in "tp")


def test_an_index_can_be_used_in_each_form() -> None:
    for form in Form:
        table = with_form(CUSTOMER, "lastmodifieddate", form)
        text = select_rows(table, (ID,), since=Since(SINCE))
        assert re.search(r"\(t\.lastmodifieddate >= TO_DATE\('2026-02-27 12:00:00'", text)


def test_the_date_of_a_lines_transaction_is_read_in_its_form() -> None:
    table = with_form(LINES, PARENT_MODIFIED_AT, Form.LOCAL)
    text = select_rows(table, table.columns[-1:])
    in_utc = LOCAL.format("p.lastmodifieddate")
    assert text.startswith(f"SELECT TO_CHAR({in_utc}, {UTC_FORMAT}) AS sdc_parent_modified_at FROM")
