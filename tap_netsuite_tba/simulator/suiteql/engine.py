"""Answers SuiteQL: keeps translations, runs them, and deals out pages."""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences
from tap_netsuite_tba.simulator.suiteql.parse import Template, lift, parse
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import NOW
from tap_netsuite_tba.simulator.suiteql.queries import translate_query
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.render import row_expression
from tap_netsuite_tba.simulator.switches import Switches

_MOST_COLUMNS = 100
_KEPT_STATEMENTS = 500


@dataclass(frozen=True)
class Rows:
    """Some rows of a result.

    Attributes:
        items: the rows' JSON texts.
        total: how many rows the whole result has.
    """

    items: list[str]
    total: int


@dataclass(frozen=True)
class _Statement:
    """A translated query, with places for its values.

    Attributes:
        rows: the query in DuckDB's words.
        order: what NetSuite promises of the order.
        rendered: the expression that prints a row.
    """

    rows: str
    order: str
    rendered: str


class Engine:
    """SuiteQL over the storage, as the role and the user's preferences let it be seen."""

    def __init__(
        self,
        storage: Storage,
        catalog: Catalog,
        preferences: Preferences,
        clock: Clock,
        switches: Switches,
    ) -> None:
        self._storage = storage
        self._catalog = catalog
        self._preferences = preferences
        self._clock = clock
        self._switches = switches
        self._lock = threading.Lock()
        self._statements: dict[tuple[int, str], _Statement | None] = {}

    def rows(self, text: str, parameters: Sequence[object], start: int, count: int) -> Rows:
        """Run a query and return ``count`` of its rows from ``start``.

        What the query's ORDER BY leaves open is decided anew by each call.

        Raises:
            Refusal: as NetSuite words it.
        """
        template = lift(text, parameters)
        with self._storage.cursor() as cursor:
            try:
                statement = self._statement(template, cursor)
                if statement is None:
                    return Rows([], 0)
                cursor.begin()  # a page and its count see the same rows
                return _Reader(cursor, statement, self._values(template)).read(start, count)
            except duckdb.Error as error:
                raise unsupported() from error

    def _statement(
        self, template: Template, cursor: duckdb.DuckDBPyConnection
    ) -> _Statement | None:
        """Return the translation; None if NetSuite answers it with nothing."""
        self._catalog.follow(self._storage.tables)
        key = (self._catalog.version, template.text)
        with self._lock:
            if key in self._statements:
                return self._statements[key]
        statement = self._translate(template, cursor)
        with self._lock:
            while len(self._statements) >= _KEPT_STATEMENTS:
                del self._statements[next(iter(self._statements))]
            self._statements[key] = statement
        return statement

    def _translate(
        self, template: Template, cursor: duckdb.DuckDBPyConnection
    ) -> _Statement | None:
        try:
            query = translate_query(parse(template.text), self._catalog, self._preferences)
        except RecursionError as error:
            raise unsupported() from error
        if len(query.columns) > _MOST_COLUMNS:
            return None
        described = cursor.execute(f"DESCRIBE {_filled(query.sql, self._values(template))}")
        types = [str(row[1]) for row in described.fetchall()][: len(query.columns)]
        rendered = row_expression(query.columns, types, self._preferences)
        return _Statement(query.sql, query.order, rendered)

    def _values(self, template: Template) -> dict[str, str]:
        now = self._clock.now().replace(tzinfo=None, microsecond=0)
        return {**template.values, NOW.strip("\0"): f"TIMESTAMP '{now}'"}


class _Reader:
    """Reads one page of a statement."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, statement: _Statement, values: dict[str, str]
    ) -> None:
        self._cursor = cursor
        self._rows = _filled(statement.rows, values)
        self._order = statement.order
        self._rendered = statement.rendered

    def read(self, start: int, count: int) -> Rows:
        """Return a page, and count the whole result where the page does not tell."""
        if self._order:
            # The last key makes another order of every tie, across pages too.
            items = self._slice(f" ORDER BY {self._order}, random()", start, count + 1)
            if len(items) <= count and (items or not start):
                return Rows(items, start + len(items))
            return Rows(items[:count], self._total())
        items = self._slice("", start, count + 1) if not start else []
        if not start and len(items) <= count:
            random.shuffle(items)
            return Rows(items, len(items))
        return self._turned(start, count)

    def _turned(self, start: int, count: int) -> Rows:
        """Return a page of rows in no order: the result begins at another row each time.

        Turning it costs nothing, where sorting it at random would sort all of it for each page.
        """
        total = self._total()
        count = max(0, min(count, total - start))
        if not count:
            return Rows([], total)
        turned = (start + random.randrange(total)) % total  # noqa: S311  # no secret
        items = self._slice("", turned, count)
        if len(items) < count:
            items += self._slice("", 0, count - len(items))
        random.shuffle(items)
        return Rows(items, total)

    def _slice(self, order: str, start: int, count: int) -> list[str]:
        # The row is printed outside of the limit, or DuckDB would print every row to sort it.
        page = f"SELECT * FROM ({self._rows}){order} LIMIT {count} OFFSET {start}"  # noqa: S608  # translated
        rows = self._cursor.execute(f"SELECT {self._rendered} FROM ({page})").fetchall()  # noqa: S608
        return [row[0] for row in rows]

    def _total(self) -> int:
        row = self._cursor.execute(f"SELECT count(*) FROM ({self._rows})").fetchone()  # noqa: S608
        return 0 if row is None else int(row[0])


def _filled(sql: str, values: dict[str, str]) -> str:
    """Put the values in their places, which NUL characters mark."""
    parts = sql.split("\0")
    parts[1::2] = (values[name] for name in parts[1::2])
    return "".join(parts)
