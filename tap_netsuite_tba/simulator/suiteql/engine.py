"""Answers SuiteQL: keeps translations, runs them, and bounds the work of each."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.errors import unexpected
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences
from tap_netsuite_tba.simulator.suiteql.pages import Reader, Rows, Statement, filled
from tap_netsuite_tba.simulator.suiteql.parse import parse
from tap_netsuite_tba.simulator.suiteql.pseudocolumns import NOW
from tap_netsuite_tba.simulator.suiteql.queries import Translation, translate_query
from tap_netsuite_tba.simulator.suiteql.refusals import unsupported
from tap_netsuite_tba.simulator.suiteql.render import row_expression
from tap_netsuite_tba.simulator.suiteql.template import Template, lift
from tap_netsuite_tba.simulator.switches import Switches

LONGEST_WORK = 30.0
"""Seconds that one query may work. NetSuite cuts a request off after 15 minutes; here nobody
waits that long, and what runs away must not take the machine with it."""

_MOST_COLUMNS = 100
_KEPT_STATEMENTS = 500


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
        self._statements: dict[tuple[int, str], Statement | None] = {}

    def rows(self, text: str, parameters: Sequence[object], start: int, count: int) -> Rows:
        """Run a query and return ``count`` of its rows from ``start``.

        What the query's ORDER BY leaves open is decided anew by each call.

        Raises:
            Refusal: as NetSuite words it; a 500 if it takes too long.
        """
        template = lift(text, parameters)
        with self._storage.cursor() as cursor, _bounded(cursor):
            statement = self._statement(template, cursor)
            if statement is None:
                return Rows([], 0)
            cursor.begin()  # a page and its count see the same rows
            return Reader(cursor, statement, self._values(template)).read(start, count)

    def _statement(self, template: Template, cursor: duckdb.DuckDBPyConnection) -> Statement | None:
        """Return the translation; None if NetSuite answers it with nothing."""
        self._catalog.follow(self._storage.tables, self._storage.views)
        key = (self._catalog.version, template.text)
        with self._lock:
            if key in self._statements:  # put behind the others, for the first is dropped
                self._statements[key] = self._statements.pop(key)
                return self._statements[key]
        statement = self._translate(template, cursor)
        with self._lock:
            while len(self._statements) >= _KEPT_STATEMENTS:
                del self._statements[next(iter(self._statements))]
            self._statements[key] = statement
        return statement

    def _translate(self, template: Template, cursor: duckdb.DuckDBPyConnection) -> Statement | None:
        tree = parse(template, self._switches)
        try:
            query = translate_query(tree, self._catalog, self._preferences, self._switches)
        except RecursionError as error:
            raise unsupported() from error
        described = cursor.execute(f"DESCRIBE {filled(query.sql, self._values(template))}")
        types = [str(row[1]) for row in described.fetchall()][: len(query.columns)]
        if len(query.columns) > _MOST_COLUMNS and self._switches.wide == "empty":
            return None
        rendered = row_expression(query.columns, types, self._preferences, self._switches)
        return self._ordered(query, rendered)

    def _ordered(self, query: Translation, rendered: str) -> Statement:
        """Return the statement in the order that NetSuite keeps."""
        unordered = self._switches.unordered
        if query.is_promised or unordered == "kept":
            return Statement(query.sql, query.order, rendered, query.has_row_ids)
        if unordered == "lost":
            return Statement(_LOSSY.format(query.sql), "", rendered, has_row_ids=False)
        return Statement(query.sql, "", rendered, query.has_row_ids)

    def _values(self, template: Template) -> dict[str, str]:
        now = self._clock.now().replace(tzinfo=None, microsecond=0)
        return {**template.values, NOW.strip("\0"): f"TIMESTAMP '{now}'"}


# Every tenth row is missing, the second first, and nothing tells of it.
_LOSSY = "SELECT * FROM ({}) QUALIFY row_number() OVER () % 10 <> 2"


@contextmanager
def _bounded(cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Refuse what DuckDB cannot do, and end what takes too long.

    Raises:
        Refusal: of either.
    """
    timer = threading.Timer(LONGEST_WORK, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise unexpected() from error
    except duckdb.Error as error:
        raise unsupported() from error
    finally:
        timer.cancel()
