"""What a query must be to be read as a stream, and what to do where it is not."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tap_netsuite_tba.discovery.candidates import near_names
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.extraction.at_once import MAX_ROWS
from tap_netsuite_tba.netsuite.query import PAGE_ROWS
from tap_netsuite_tba.netsuite.query_text import Outline
from tap_netsuite_tba.netsuite.query_tokens import tokens_of
from tap_netsuite_tba.netsuite.trap_finders import MOST_COLUMNS
from tap_netsuite_tba.netsuite.traps import SILENT, traps
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import ColumnType, Table, is_identifier

logger = logging.getLogger(__name__)

_LINKS = "links"
"""What each row of an answer has, and it is no column."""

_OF_LOADERS = "_sdc_"
"""How columns begin that loaders keep, and by which some delete rows: _sdc_deleted_at."""

_SHOWN = 40
"""Characters of an expression."""

_IN_ORDER = (
    "Put the rows in order before: FETCH FIRST behind an ORDER BY that leaves no "
    "doubt, ROWNUM behind one in parentheses."
)

_ZONED = frozenset({"FROM_TZ", "NEW_TIME", "SYS_EXTRACT_UTC"})
"""Functions by which a date-time is moved to another time zone."""


def check_text(query: OwnQuery, text: Outline) -> None:
    """Judges a query before NetSuite is asked.

    Raises:
        Unreadable: It can be no stream as it is written.
    """
    fatal = [str(trap) for trap in traps(query.query) if trap.is_fatal]
    if problems := fatal or list(_wrong_columns(text)):
        raise Unreadable(" ".join(problems), table=query.name)


def warn_of_text(query: OwnQuery, text: Outline) -> None:
    """Says what NetSuite takes, and may answer otherwise than it is meant."""
    for trap in traps(query.query):
        if trap.effect == SILENT:
            logger.warning("The query %s: %s", query.name, trap)
    if text.is_arbitrary:
        logger.warning(
            "The query %s limits or numbers its rows, and not in a certain order, so these may be "
            "others each time. %s",
            query.name,
            _IN_ORDER,
        )


def warn_of_star(query: OwnQuery, text: Outline, names: Sequence[str]) -> None:
    """Says what a star was taken for, of which rows tell only columns that have values in them."""
    if text.names is None:
        logger.warning(
            "The query %s has a *, and the rows that were looked at have values in these columns: "
            "%s. Others are missing from its stream, now and later. Name the columns that you want "
            "in the SELECT.",
            query.name,
            ", ".join(names),
        )


def warn_of_guesses(query: OwnQuery, guessed: Sequence[str], rows: int) -> None:
    """Says of which columns nothing tells the type."""
    if guessed:
        logger.warning(
            "The query %s has no values of %s in %s, so the types are guessed. Set them by "
            "column_types, or discover again when there are values.",
            query.name,
            ", ".join(guessed),
            "the rows that were looked at" if rows else "any row",
        )


def no_columns(query: OwnQuery, rows: int) -> Unreadable:
    """What is to be raised where neither the text of a query nor its rows tell a column."""
    counted = f"has {rows} rows, and NetSuite shows none of them" if rows else "has no rows"
    return Unreadable(
        f"It {counted}, so nothing tells what its * stands for. Of more than {MOST_COLUMNS} "
        f"columns NetSuite gives no rows, and no error. Name the columns, {MOST_COLUMNS} or fewer.",
        table=query.name,
    )


def check_size(table: Table, rows: int) -> None:
    """Whether a query that cannot be read in parts can be read at once.

    Raises:
        Unreadable: It cannot.
    """
    if table.is_read_by_ranges or rows <= MAX_ROWS:
        return
    keys = ", ".join(table.key)
    lack = f"its primary_keys ({keys}) are no integers" if keys else "it has no primary_keys"
    raise Unreadable(
        f"It has {rows} rows, and {lack}, by which it could be read in parts; in another order "
        f"NetSuite reaches {MAX_ROWS} rows. Name integer columns that tell the rows apart, or "
        f"leave rows out by WHERE.",
        table=table.name,
    )


def check_repeatable(query: OwnQuery, text: Outline, rows: int) -> None:
    """Whether each page of a query is of the same rows.

    Raises:
        Unreadable: It is not.
    """
    if text.is_arbitrary and rows > PAGE_ROWS:
        raise Unreadable(
            f"It limits or numbers its rows, and not in a certain order, so each of its pages may "
            f"be of others. {_IN_ORDER}",
            table=query.name,
        )


def check_zones(table: Table, text: Outline) -> None:
    """Whether each instant of a query is as NetSuite has it.

    Raises:
        Unreadable: The query has moved one to another time zone already, and so would the stream.
    """
    zoned = _zoned(text)
    for column in table.columns:
        read_from = {item.column for item in text.items if item.name == column.name}
        if column.type is ColumnType.DATETIME and not zoned.isdisjoint({column.name, *read_from}):
            raise Unreadable(
                f"{column.name} is moved to another time zone by the query, and would be once "
                f"more, for instants are read in UTC. Select the date-time itself, as in "
                f"t.lastmodifieddate; or make it a text by TO_CHAR.",
                table=table.name,
            )


def _zoned(text: Outline) -> frozenset[str]:
    """The names of what is moved to another time zone anywhere in a query."""
    zoned: set[str] = set()
    before: set[str] | None = None
    while before != zoned:  # A sub-select may hand it on by another name.
        before = set(zoned)
        for items in text.selects:
            for place, item in enumerate(items):
                if item.column in zoned or _is_moved(item.expression):
                    # In a UNION the first SELECT names the column.
                    first = text.items[place] if place < len(text.items) else item
                    names = {item.name, first.name if text.is_compound else None}
                    zoned |= {name for name in names if name}
    return frozenset(zoned)


def _is_moved(expression: str) -> bool:
    words = [token.word for token in tokens_of(expression)]
    return not _ZONED.isdisjoint(words) or ("TIME", "ZONE") in pairwise(words)


def check_replication_key(table: Table) -> None:
    """Whether the replication key of a query tells instants.

    Raises:
        Unreadable: It does not, so that changes would be missed.
    """
    kinds = {column.name: column.type for column in table.columns}
    if table.cursor is None or kinds[table.cursor] is ColumnType.DATETIME:
        return
    why, unless = f"of type {kinds[table.cursor]}", ""
    if kinds[table.cursor] is ColumnType.DATE:
        why = "a date without time of day, by which rows saved later that day would be missed"
        unless = (
            f" If its values only happen to be midnight, set column_types of the query to "
            f'{{"{table.cursor}": "date-time"}}.'
        )
    raise Unreadable(
        f"The replication_key {table.cursor} is {why}. Select the date-time itself, without "
        f"TO_CHAR or TRUNC, as in t.lastmodifieddate; or leave replication_key out, and each run "
        f"reads all rows.{unless}",
        table=table.name,
    )


def check_shown(query: OwnQuery, names: tuple[str, ...]) -> None:
    """Whether the columns that a star turned out to stand for can be asked for.

    Raises:
        Unreadable: One cannot, or a key is not among them.
    """
    if odd := [name for name in names if not is_identifier(name)]:
        raise Unreadable(
            f"Its * stands for columns whose names no query can write: "
            f"{', '.join(map(repr, odd))}. Name the columns that you want.",
            table=query.name,
        )
    check_needed(query, names)


def check_needed(query: OwnQuery, names: tuple[str, ...]) -> None:
    """Whether a query has the columns that its keys name.

    Raises:
        Unreadable: It lacks one.
    """
    needed = filter(None, [*query.primary_keys, query.replication_key])
    if missing := sorted(set(needed) - set(names)):
        raise Unreadable(
            f"It has no column {' and '.join(missing)}, which primary_keys or replication_key "
            f"name. It has {', '.join(names)}. Select it, or name another.",
            table=query.name,
        )


def check_typed(query: OwnQuery, text: Outline, names: Sequence[str]) -> None:
    """Whether a query has the columns whose types are set.

    Args:
        query: The query.
        text: What its text tells.
        names: Its columns, as far as they are known.

    Raises:
        Unreadable: It lacks one, and its text names all that it has.
    """
    missing = sorted(query.column_types.keys() - set(names))
    if not missing:
        return
    near = sorted({name for each in missing for name in near_names(each, names)})
    like = f" Columns with names like it: {', '.join(near)}." if near else ""
    if text.names is not None:
        raise Unreadable(
            f"It has no column {' and '.join(missing)}, whose type column_types sets.{like} "
            f"Correct the name, or leave it out of column_types.",
            table=query.name,
        )
    logger.warning(
        "The query %s shows no column %s, whose type column_types sets.%s",
        query.name,
        " and ".join(missing),
        like,
    )


def _wrong_columns(text: Outline) -> Iterator[str]:
    """What keeps columns from being asked for by their names."""
    for item in text.items:
        if item.name is None and not item.is_star:
            expression = " ".join(item.expression.split())
            shown = expression if len(expression) <= _SHOWN else f"{expression[:_SHOWN]}…"
            yield (
                f"The column {shown} has no name, by which a stream could ask for it. Give it an "
                f"alias: {shown} AS total."
            )
    named = Counter(item.name for item in text.items if item.name is not None)
    for name, times in named.items():
        if times > 1:
            yield f"{times} columns are called {name}. Give each an alias of its own."
        elif not is_identifier(name) or name == _LINKS:
            yield (
                f"{name!r} can be no column of a stream. Give it an alias of letters, digits and "
                f"underscores."
            )
        elif name.startswith(_OF_LOADERS):
            yield (
                f"{name} is called like a column of the loaders' own, by which they may delete "
                f"rows. Give it an alias that does not begin with {_OF_LOADERS}."
            )
