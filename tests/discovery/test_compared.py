"""What differs between a catalog and the account is told of what accounts add, by name."""

from tap_netsuite_tba.discovery.compared import Changes, compared
from tap_netsuite_tba.tables import Column, ColumnType, Table


def table(name: str, **columns: ColumnType) -> Table:
    return Table(name, (), tuple(Column(column, kind) for column, kind in columns.items()))


BEFORE = [
    table(
        "item",
        id=ColumnType.INTEGER,
        custitem_memo=ColumnType.TEXT,
        custitem_on=ColumnType.DATE,
    ),
    table("customlist_a", id=ColumnType.INTEGER),
]
NOW = [
    table(
        "item",
        custitem_size=ColumnType.DECIMAL,
        id=ColumnType.INTEGER,
        custitem_on=ColumnType.DATETIME,
    ),
    table("customrecord_a", id=ColumnType.INTEGER),
]


def test_what_is_new_gone_and_of_another_type_is_told_by_name() -> None:
    assert compared(BEFORE, NOW, {"customrecord_a"}) == Changes(
        new=("item.custitem_size", "customrecord_a"),
        gone=("item.custitem_memo", "customlist_a"),
        retyped=("item.custitem_on (datetime, was date)",),
    )
    assert compared(BEFORE, BEFORE) == Changes()


def test_a_table_that_is_not_known_to_be_new_may_have_been_left_out() -> None:
    assert compared(BEFORE, [*BEFORE, *NOW[1:]]) == Changes(lacking=("customrecord_a",))


def test_standard_tables_and_columns_and_labels_are_not_compared() -> None:
    label = Column("custitem_on_label", ColumnType.TEXT, label_of="custitem_on")
    item = BEFORE[0]
    more = item.with_columns((*item.columns, label, Column("cost", ColumnType.DECIMAL)))
    account = [more, BEFORE[1], table("vendor", id=ColumnType.INTEGER)]
    assert compared(BEFORE, account) == Changes()
    assert compared(account, BEFORE) == Changes()
