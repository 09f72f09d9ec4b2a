"""Whether the primary keys of a query tell its rows apart: none is null, and none comes twice."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tap_netsuite_tba.decoding import RowDecoder
from tap_netsuite_tba.discovery.query_asking import Asking
from tap_netsuite_tba.discovery.samples import rows_of
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.key_proofs import (
    REPEATED_SHOWN,
    key_names,
    select_key_counts,
    select_repeated,
)
from tap_netsuite_tba.tables import Column, ColumnType, Table


@dataclass(frozen=True)
class KeyWords:
    """How a user knows the key that they gave.

    Attributes:
        which: As it follows the name of one of its columns.
        columns: What all of them are called.
        remedy: What to do if it is none, in a sentence.
    """

    which: str
    columns: str
    remedy: str


_OF_SETTING = KeyWords(
    which="which primary_keys name",
    columns="primary_keys",
    remedy="Name more columns, or others, in primary_keys; or leave primary_keys out, and the "
    "query is read at once.",
)


def count_of_proven(table: Table, asking: Asking, words: KeyWords = _OF_SETTING) -> int:
    """How many rows a query has, each with a key of its own.

    Args:
        table: The query, with its key.
        asking: By what it is asked.
        words: How a message calls the key.

    Raises:
        Unreadable: Rows lack a key, or share one; or NetSuite does not answer.
        NetSuiteError: NetSuite could not be asked.
    """
    names = key_names(table)
    counts = _counts(table, asking)
    rows: int = counts["n"]
    for column, name in zip(table.key, names, strict=True):
        if missing := rows - counts[name]:
            raise _null(table, column, f"{missing} of its {rows} rows", words)
    if table.key and counts.get("d") != rows:
        _check_unique(table, asking, words)
    return rows


def check_keys_shown(
    table: Table, rows: Sequence[Mapping[str, Any]], words: KeyWords = _OF_SETTING
) -> None:
    """Whether some rows of a query, of which nothing else can be asked, each have their own key.

    Args:
        table: The query, with its key.
        rows: Those of its first page, as texts.
        words: How a message calls the key.

    Raises:
        Unreadable: Rows lack a key, or share one.
    """
    for column in table.key:
        if missing := sum(not row.get(column) for row in rows):
            raise _null(table, column, f"{missing} of its first {len(rows)} rows", words)
    times = Counter(tuple(row.get(column) for column in table.key) for row in rows)
    repeated = [(key, n) for key, n in times.most_common(REPEATED_SHOWN) if n > 1]
    if table.key and repeated:
        raise _repeated(table, [_shown(table, key, n) for key, n in repeated], words)


def _counts(table: Table, asking: Asking) -> Mapping[str, Any]:
    names = ("n", *key_names(table), *(["d"] if len(table.key) == 1 else []))
    columns = tuple(Column(name, ColumnType.INTEGER) for name in names)
    decoder = RowDecoder(table.name, columns, names, expressions=names)
    page = asking.page(select_key_counts(table), limit=1)
    return decoder.decode(page.items)[0]


def _check_unique(table: Table, asking: Asking, words: KeyWords) -> None:
    page = asking.page(select_repeated(table), limit=REPEATED_SHOWN)
    if repeated := rows_of(table, page):
        names = key_names(table)
        shown = [_shown(table, [row.get(name) for name in names], row.get("n")) for row in repeated]
        raise _repeated(table, shown, words)


def _shown(table: Table, key: Sequence[Any], times: Any) -> str:  # noqa: ANN401 - JSON scalars
    named = zip(table.key, key, strict=True)
    return f"{', '.join(f'{column} {value}' for column, value in named)} comes {times} times"


def _null(table: Table, column: str, rows: str, words: KeyWords) -> Unreadable:
    return Unreadable(
        f"{column}, {words.which}, is null in {rows}. Leave these out by WHERE … IS NOT NULL. "
        f"{words.remedy}",
        table=table.name,
    )


def _repeated(table: Table, shown: Sequence[str], words: KeyWords) -> Unreadable:
    return Unreadable(
        f"The {words.columns} ({', '.join(table.key)}) do not tell its rows apart: "
        f"{'; '.join(shown)}. {words.remedy}",
        table=table.name,
    )
