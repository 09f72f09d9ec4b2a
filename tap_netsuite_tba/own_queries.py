"""The user's own SuiteQL: each query is read as a table of its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.tables import Column, ColumnType, Table

QUERY_TOLD = "Rows of a query of the setting queries."
"""Tells in the description of a stream that it is of no table, for which Singer has no word."""

AS_WRITTEN_TOLD = "Rows of a query of the setting queries, read as it is written."
"""Tells besides that NetSuite takes the query in no other form."""


@dataclass(frozen=True)
class OwnQuery:
    """A query that is read as a table.

    Attributes:
        name: Of its stream.
        query: A SELECT.
        primary_keys: The columns of the result that tell its rows apart, leading one first, lower
            case.
        replication_key: The one that tells when a row last changed; None for none.
        column_types: Types of columns that are not to be discovered.
    """

    name: str
    query: str
    primary_keys: tuple[str, ...] = ()
    replication_key: str | None = None
    column_types: Mapping[str, ColumnType] = field(default_factory=dict)

    def table(self, columns: tuple[Column, ...]) -> Table:
        """The table that its result is.

        A query may be run once for all ranges of its key only where a range costs the rows in it.
        """
        outlined = outline(self.query)
        keys = self.primary_keys
        has_ranges = len(keys) == 1 and outlined.has_rows_of_one_table(keys[0])
        return Table(
            name=self.name,
            key=keys,
            columns=columns,
            cursor=self.replication_key,
            description=QUERY_TOLD,
            # On a line of its own: the query may end in a comment.
            source=f"({outlined.unordered}\n)",
            is_sequential=not has_ranges,
        )

    def as_written(self, columns: tuple[Column, ...]) -> Table:
        """The table that its result is where NetSuite takes the query only as it is written.

        Which rows changed cannot be asked of it.
        """
        table = replace(self.table(columns), cursor=None, description=AS_WRITTEN_TOLD)
        return replace(table, as_written=outline(self.query).text)
