"""The nouns of the tap: tables, their columns, keys and cursors, all frozen."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from typing import Self

from tap_netsuite_tba.reserved_words import RESERVED_WORDS

KeyValue = tuple[int, ...]
"""The values of a row's key columns, compared lexicographically."""


_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_$#]*")


class ColumnType(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"
    MULTISELECT = "multiselect"


class Form(StrEnum):
    """By which expression NetSuite gives the values of a column."""

    USUAL = "usual"
    """That of its type."""
    LOCAL = "local"
    """An instant without a time zone, which SYS_EXTRACT_UTC takes only as a timestamp."""


class Source(StrEnum):
    """Where it is known from that a table has a column, and of which type it is."""

    SHIPPED = "shipped"
    CUSTOM_FIELD = "custom field"
    METADATA = "metadata catalog"
    SAMPLE = "sample"
    QUERY = "query"
    TAP = "tap"


class Group(StrEnum):
    """How a table is chosen.

    Core tables and custom records are selected by default; `system` tables are read only when they
    are named exactly.
    """

    CORE = "core"
    DETAIL = "detail"
    SYSTEM = "system"
    CUSTOM = "custom"


PARENT_MODIFIED_AT = "_sdc_parent_modified_at"
"""The column of lines that tells when their transaction was last modified."""

DELETED_AT = "_sdc_deleted_at"
"""The column that is null in rows, and tells of a deleted row when it was deleted."""


_OWN_NAMES = frozenset({PARENT_MODIFIED_AT, DELETED_AT})
_COMPUTED_TYPES = frozenset({ColumnType.DATE, ColumnType.DATETIME})


@dataclass(frozen=True)
class Column:
    """A column of a SuiteQL table.

    Attributes:
        name: As in SuiteQL, lower case.
        type: What its values are.
        description: A sentence or more.
        title: The label that NetSuite shows; empty if it is not known.
        references: The table whose internal ids its values are; empty if they are none, or it is
            not known.
        form: By which expression it is read.
        label_of: The column whose display text it is; empty if it is a column of NetSuite's.
        source: Where it is known from.
    """

    name: str
    type: ColumnType
    description: str = ""
    title: str = ""
    references: str = ""
    form: Form = Form.USUAL
    label_of: str = ""
    source: Source = field(default=Source.SHIPPED, compare=False)

    def __post_init__(self) -> None:
        for name in (self.name, *filter(None, [self.label_of])):
            _check_identifier(name)

    @property
    def origin(self) -> str:
        """The column of NetSuite's that it is read from."""
        return self.label_of or self.name

    @property
    def is_computed(self) -> bool:
        """Whether a query computes it, for its bare name would not give its values."""
        if self.name in _OWN_NAMES:
            return self.name == PARENT_MODIFIED_AT  # The other is in no query.
        return self.type in _COMPUTED_TYPES or bool(self.label_of)

    @property
    def wire_name(self) -> str:
        """Its name in a query's answer, which no other column of any table has.

        An alias must not begin with an underscore, nor be a reserved word; such names, and those
        that look like one of these aliases, get the prefix `sdc_`.
        """
        if self.name in _OWN_NAMES:
            return self.name.removeprefix("_")
        needs_prefix = self.name.startswith(("_", "sdc_")) or (
            self.is_computed and self.name in RESERVED_WORDS
        )
        return f"sdc_{self.name}" if needs_prefix else self.name


@dataclass(frozen=True)
class Parent:
    """The table whose rows own the rows of another.

    Attributes:
        table: The owning table; its key is `id`.
        column: The column of the owned table that refers to it.
        cursor: The owning table's column that says when a row last changed.
        line_cursor: The owned table's own, for lines that change while their owner does not; None
            if it has none.
        main_line: The other columns of the owned table's key, and what they are in the row that
            stands for the owner itself.
    """

    table: str
    column: str
    cursor: str = "lastmodifieddate"
    line_cursor: str | None = None
    main_line: tuple[tuple[str, int], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in queries."""
        return (self.table, self.column, self.cursor, *filter(None, [self.line_cursor]))


@dataclass(frozen=True)
class Lines:
    """Rows of another table that belong to a row, which changes when one of them does.

    Attributes:
        table: Theirs.
        column: Its column that refers to the row's key.
        cursor: The one that tells when a line last changed.
    """

    table: str
    column: str
    cursor: str

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in queries."""
        return (self.table, self.column, self.cursor)


@dataclass(frozen=True)
class Table:
    """A SuiteQL table as this tap reads it.

    Attributes:
        name: As in SuiteQL, lower case.
        key: The columns that identify a row, leading one first; empty if none do.
        columns: In the order in which they are read.
        cursor: The column that tells when a row last changed; None if the table has none.
        parent: The owner of the rows, for lines, which change with their transaction.
        deleted_types: The types under which NetSuite's log of deletions names its rows, or those
            that own them, as `normal_type` writes them; empty if the log does not.
        permissions: The permissions that open it, as NetSuite's menus name them; one is enough.
        feature: The feature without which no role sees it; empty if there is none.
        source: What stands in a query in the place of its name, which is then not NetSuite's: the
            table that it is a part of, or a SELECT in parentheses; empty for the name itself.
        only: The columns, each with the text in it, by which its rows are told from others of the
            source.
        lines: What else tells that a row changed, for rows that stand for all that belongs to them.
        is_sequential: Whether it is read by one page after another, and never planned: each query
            of it may cost NetSuite as much as all.
        as_written: The whole query by which it is read, where NetSuite takes it in no other; empty
            for all others.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    cursor: str | None = None
    parent: Parent | None = None
    group: Group = Group.CORE
    description: str = ""
    deleted_types: frozenset[str] = frozenset()
    permissions: tuple[str, ...] = ()
    feature: str = ""
    source: str = ""
    only: tuple[tuple[str, str], ...] = ()
    lines: Lines | None = None
    is_sequential: bool = False
    as_written: str = ""

    def __post_init__(self) -> None:
        others = [each.names for each in (self.parent, self.lines) if each]
        restricting = (name for name, _ in self.only)
        for name in (self.name, *self.key, *filter(None, [self.cursor]), *restricting):
            _check_identifier(name)
        for name in chain.from_iterable(others):
            _check_identifier(name)

    @property
    def from_text(self) -> str:
        """What stands in a query's FROM."""
        return self.source or self.name

    @property
    def is_select(self) -> bool:
        """Whether its rows are what a SELECT finds, and so may come and go anywhere in the key."""
        return self.source.startswith("(")

    @property
    def is_read_by_ranges(self) -> bool:
        """Whether its key is of integers: how NetSuite sorts anything else cannot be told here."""
        integers = {c.name for c in self.columns if c.type is ColumnType.INTEGER}
        return bool(self.key) and integers.issuperset(self.key) and not self.as_written

    @property
    def is_in_order_of_owners(self) -> bool:
        """Whether all rows of an owner stand together in the order of the key."""
        return self.parent is not None and self.key[:1] == (self.parent.column,)

    @property
    def replication_key(self) -> str | None:
        """The emitted column whose value rises when a row changes."""
        return PARENT_MODIFIED_AT if self.parent else self.cursor

    @property
    def cursor_form(self) -> Form:
        """By which expression the cursor is read, and therefore compared; of lines, its owner's."""
        return self._form_of(self.replication_key)

    @property
    def line_cursor_form(self) -> Form:
        """That of the cursor that lines have themselves."""
        return self._form_of(self.parent.line_cursor if self.parent else None)

    @property
    def logged_column(self) -> str:
        """The column whose values NetSuite's log of deletions has: the key, or the owner's."""
        return self.parent.column if self.parent else self.key[0]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def with_columns(self, columns: tuple[Column, ...]) -> Self:
        """The same table with other columns."""
        return replace(self, columns=columns)

    def without_missing_cursor(self) -> Self:
        """The same table, without each cursor whose column is not there, or tells no instants.

        Lines without their parent's have no parent, by which their deletions would be found.
        """
        if self.replication_key is None:
            return self
        instants = {column.name for column in self.columns if column.type is ColumnType.DATETIME}
        if self.replication_key not in instants:
            deleted_types = frozenset() if self.parent else self.deleted_types
            # Nothing tells any more what this column would be read from.
            columns = tuple(c for c in self.columns if c.name != PARENT_MODIFIED_AT)
            return replace(
                self, columns=columns, cursor=None, parent=None, deleted_types=deleted_types
            )
        if self.parent and self.parent.line_cursor not in instants:
            return self.without_line_cursor()
        return self

    def without_line_cursor(self) -> Self:
        """The same table, whose rows change with their parent only, or by themselves."""
        if self.parent is None:
            return replace(self, lines=None)
        return replace(self, parent=replace(self.parent, line_cursor=None))

    def _form_of(self, name: str | None) -> Form:
        return next((column.form for column in self.columns if column.name == name), Form.USUAL)


def is_identifier(name: str) -> bool:
    """Whether a name can stand in SuiteQL as it is: lower case, no quotes, no blanks."""
    return _IDENTIFIER.fullmatch(name) is not None


def _check_identifier(name: str) -> None:
    if not is_identifier(name):
        raise ValueError(f"{name!r} is no name that SuiteQL takes unquoted.")
