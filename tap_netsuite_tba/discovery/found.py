"""What a discovery finds: tables that can be read, those that cannot, and what it could not see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.record_types import RecordType
from tap_netsuite_tba.tables import Column, ColumnType, Table


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Whether one of some patterns, in whatever case, fits the name of a table."""
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns)


@dataclass(frozen=True)
class Wanted:
    """What the settings ask for.

    Attributes:
        patterns: Names of tables, or patterns such as `transaction*`.
        column_types: Types by `table.column` that overrule the discovered ones.
        include_labels: Patterns of the columns, as `table.column`, that get labels.
        records: Record types whose documents are read, in lower case.
        queries: The user's own.
    """

    patterns: tuple[str, ...] = ("*",)
    column_types: Mapping[str, ColumnType] = field(default_factory=dict)
    include_labels: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    queries: tuple[OwnQuery, ...] = ()

    def means(self, table: str) -> bool:
        """Whether a pattern fits the name of a table."""
        return fits(table, self.patterns)


@dataclass(frozen=True)
class Refused:
    """A column that this role cannot read, with NetSuite's words."""

    column: Column
    reason: str


@dataclass(frozen=True)
class Readable:
    """A table with the columns that SuiteQL accepted, and those that it refused."""

    table: Table
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """A table that this role cannot read.

    Attributes:
        table: As it would be read.
        reason: NetSuite's words.
        is_named: Whether the settings name it without a wildcard.
        was_readable: Whether the discovery before could read it.
    """

    table: Table
    reason: str
    is_named: bool
    was_readable: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A record type or a query that the settings name, and that cannot be read.

    Attributes:
        stream: The name of its stream.
        reason: Why, and what to do about it, in sentences.
    """

    stream: str
    reason: str


@dataclass(frozen=True)
class Discovery:
    """What there is for a role.

    Attributes:
        readable: By the names of the tables.
        unreadable: Likewise.
        unseen: The lists of NetSuite's that could not be read (`customfield`, `customrecordtype`,
            `customlist`, `customsegment`, `metadata-catalog`), each with NetSuite's words.
        own: The names of the tables that the account made itself, wanted or not.
        records: The record types whose documents can be read.
        queries: The results of the user's queries, as tables.
        left_out: The record types and queries that cannot be read.
    """

    readable: tuple[Readable, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    unseen: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()
    records: tuple[RecordType, ...] = ()
    queries: tuple[Table, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that can be read, in alphabetical order."""
        return tuple(readable.table for readable in self.readable)
