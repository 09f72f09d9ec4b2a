"""The rows of a query that somebody wrote: its first page, and what is to be told of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from tap_netsuite_tba.commands.account import OpenAccount
from tap_netsuite_tba.commands.query_output import Texts
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Page, Query
from tap_netsuite_tba.netsuite.query_text import Outline, outline

_LINKS = "links"
"""Stands in every row, empty, and is no column."""


@dataclass(frozen=True)
class Result:
    """What a query gives.

    Attributes:
        outlined: What its text tells.
        columns: Their names, in order; None where they are known only when all rows are.
        rows: In pages.
        total: How many rows there are, as NetSuite says; None if it did not have to count them.
        note: What its user should know of how they come; often empty.
    """

    outlined: Outline
    columns: tuple[str, ...] | None
    rows: Iterator[Sequence[Texts]]
    total: int | None
    note: str = ""

    def ordered(self, names: Sequence[str]) -> tuple[str, ...]:
        """All columns, in the order of the query, of which some are in no row.

        Args:
            names: Those that are in rows.
        """
        return columns_of(self.outlined, [dict.fromkeys(names)])


def ask(text: str, keys: tuple[str, ...], account: OpenAccount) -> Result:
    """Runs a query: as it is, and if it has more rows than a page, once more, by a key.

    Args:
        text: It.
        keys: The columns that its user says to tell rows apart; none if they do not say.
        account: Where.

    Raises:
        ClickException: It has too many rows to be read, or the keys are none.
        NetSuiteError: NetSuite refuses it, or could not be asked.
    """
    outlined = outline(text)
    page = account.connection.fetch(Query(outlined.text, patience=SHORT_PATIENCE))
    rows = with_aliases(outlined, texts_of(page))
    columns = columns_of(outlined, rows)
    if is_all(page):
        return Result(outlined, columns, iter([rows]), page.count)
    # Only now: most results fit one page.
    from tap_netsuite_tba.commands.query_parts import FirstPage, read_in_parts  # noqa: PLC0415

    return read_in_parts(FirstPage(text, outlined, columns, rows), keys, account)


def is_all(page: Page) -> bool:
    """Whether a first page has all rows of its query."""
    if page.has_more or (page.total_results or 0) > page.count:
        return False
    return page.count < PAGE_ROWS or page.total_results == page.count


def texts_of(page: Page) -> list[Texts]:
    """The rows of a page, without nulls, which NetSuite leaves out."""
    decoder = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal)
    return [
        {
            name.lower(): _text(value)
            for name, value in row.items()
            if value is not None and (name, value) != (_LINKS, [])
        }
        for row in decoder.decode(page.items)
    ]


def with_aliases(outlined: Outline, rows: Sequence[Texts]) -> Sequence[Texts]:
    """The same rows, where NetSuite does not honour aliases and calls expressions expr1, expr2.

    Their numbers tell which is which, as long as the query names all of them.
    """
    names = [i.name for i in outlined.items if not (i.is_column or i.is_star)]
    found = {name for row in rows for name in row}
    numbered = {f"expr{n}": name for n, name in enumerate(names, 1) if name not in found}
    if None in names or found.isdisjoint(numbered):
        return rows
    return [{str(numbered.get(name, name)): row[name] for name in row} for row in rows]


def columns_of(outlined: Outline, rows: Sequence[Texts]) -> tuple[str, ...]:
    """The columns in the order of the SELECT list.

    Those that only the answer names stand where the first star or unnamed expression stands. An
    expression that is null in all rows is called expr1 or the like, as NetSuite does.
    """
    listed = [item.name for item in outlined.items]
    found = {name for row in rows for name in row if name not in listed}
    if not any(item.is_star for item in outlined.items):
        numbered = (f"expr{number}" for number in range(1, listed.count(None) + 1))
        missing = listed.count(None) - len(found)
        found |= set([name for name in numbered if name not in found][: max(0, missing)])
    others = sorted(found, key=_in_order_of_numbers)
    first = listed.index(None) if None in listed else len(listed)
    return tuple(dict.fromkeys(filter(None, [*listed[:first], *others, *listed[first:]])))


def _in_order_of_numbers(name: str) -> tuple[str, int]:
    number = re.search(r"\d*$", name)
    digits = number[0] if number else ""
    return name.removesuffix(digits), int(digits or -1)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
