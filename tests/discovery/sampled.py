"""Tables to sample, and what a sample makes of them."""

from tap_netsuite_tba.discovery.samples import sampled
from tap_netsuite_tba.tables import Column, ColumnType, Source, Table
from tests.discovery.rows import Rows

INTEGER, TEXT = ColumnType.INTEGER, ColumnType.TEXT
ID = Column("id", INTEGER)
NAME = Column("name", TEXT, "Its name.", title="Name", source=Source.CUSTOM_FIELD)
KEYED = Table("thing", ("id",), (ID, NAME))
UNKNOWN = Table("thing", (), ())
MOMENT = ("8/5/2025", "14:30:05")


def found(table: Table, account: Rows) -> Table:
    return sampled(table, account.fetch, account.catalog)


def types(table: Table) -> dict[str, ColumnType]:
    return {column.name: column.type for column in table.columns}
