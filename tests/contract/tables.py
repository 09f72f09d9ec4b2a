"""Tables made to measure, in an account that has no others, and the catalog that tells of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tap_netsuite_tba.netsuite.query import Query
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tap import TapNetSuite
from tests.contract.gateway import Gateway
from tests.tap_process import Message, configuration, run_tap, signals_kept

Row = tuple[Any, ...]
"""The values of a row, in the order of the columns in the catalog."""


@dataclass(frozen=True)
class Kind:
    """What the tap is told of a table.

    Attributes:
        key: Its key.
        cursor: Tells when a row was last modified; None if nothing does.
        texts: How many columns of text there are besides.
    """

    key: tuple[str, ...]
    cursor: str | None = None
    texts: int = 1

    @property
    def columns(self) -> list[str]:
        """All columns, each once."""
        texts = [f"text_{number}" for number in range(self.texts)]
        return [*self.key, *texts, *filter(None, [self.cursor])]


DATED = Kind(("id",), "modified")
UNDATED = Kind(("id",))
PAIRS = Kind(("owner", "line"))
TEXTS = Kind(("code",))
KEYLESS = Kind(())
WIDE = Kind(("id",), "modified", texts=100)
KINDS = (DATED, UNDATED, PAIRS, TEXTS, KEYLESS, WIDE)

_VALUES: Mapping[str, tuple[str, str, str]] = {
    "id": ("BIGINT", "3 * n", "integer"),
    "owner": ("BIGINT", "n // 7", "integer"),
    "line": ("BIGINT", "n % 7", "integer"),
    "code": ("VARCHAR", "'code ' || n", "string"),
    "modified": ("TIMESTAMP", "TIMESTAMP '2026-01-01' + to_seconds(n // 3)", "string"),
}
"""The stored type, the value in row `n` and the JSON type of the columns that are no mere texts."""


@contextmanager
def bare_account(latency: float = 0.0) -> Iterator[Simulator]:
    """An account that has no tables but a door, for the first login."""
    with Simulator(company=False, latency=latency) as account:
        add_table(account, "door", 1)
        yield account


def add_table(
    account: Simulator, name: str, rows: int, kind: Kind = DATED, *, width: int = 10
) -> None:
    """Adds a table with so many rows; its texts are so many characters long."""
    text = ("VARCHAR", f"rpad('row ' || n || ' of {name}', {width}, '.')", "string")
    columns = {column: _VALUES.get(column, text) for column in kind.columns}
    stored = ", ".join(f"{column} {described[0]}" for column, described in columns.items())
    values = ", ".join(described[1] for described in columns.values())
    account.sql(f"CREATE TABLE {name} ({stored})")
    account.sql(
        f"INSERT INTO {name} SELECT {values} FROM range(1, ?) numbers (n)",  # noqa: S608  # a test's own
        [rows + 1],
    )


def edit(account: Simulator, name: str, identity: int) -> None:
    """Changes one row, now."""
    account.sql(
        f"UPDATE {name} SET text_0 = 'edited', modified = ? WHERE id = ?",  # noqa: S608  # a test's own
        [account.clock.now().replace(microsecond=0, tzinfo=None), identity],
    )


def catalog_of(tables: Mapping[str, Kind]) -> dict[str, Any]:
    """The catalog of some tables."""
    return {"streams": [_entry(name, kind) for name, kind in tables.items()]}


def _entry(name: str, kind: Kind) -> dict[str, Any]:
    method = "INCREMENTAL" if kind.cursor else "FULL_TABLE"
    return {
        "tap_stream_id": name,
        "stream": name,
        "key_properties": list(kind.key),
        "replication_key": kind.cursor,
        "replication_method": method,
        "schema": {
            "type": "object",
            "properties": {column: _schema(column, kind) for column in kind.columns},
        },
        "metadata": [{"breadcrumb": [], "metadata": {"selected": True}}],
    }


def _schema(column: str, kind: Kind) -> dict[str, Any]:
    json_type = _VALUES[column][2] if column in _VALUES else "string"
    schema = {"type": [json_type] if column in kind.key else [json_type, "null"]}
    return schema | ({"format": "date-time"} if column == kind.cursor else {})


def truth(account: Simulator, name: str, kind: Kind) -> "Counter[Row]":
    """The rows of a table as they have to come."""
    selected = [
        f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')" if column == kind.cursor else column
        for column in kind.columns
    ]
    return Counter(account.sql(f"SELECT {', '.join(selected)} FROM {name}"))  # noqa: S608  # a test's own


def came(messages: Iterable[Message], name: str, kind: Kind) -> "Counter[Row]":
    """The rows of a table that came, each as often as it did."""
    return Counter(
        tuple(message["record"][column] for column in kind.columns)
        for message in messages
        if message["type"] == "RECORD" and message["stream"] == name
    )


def order_of(messages: Iterable[Message]) -> list[str]:
    """The streams in the order of their messages; one that comes back comes again."""
    order: list[str] = []
    for message in messages:
        if message["type"] in {"SCHEMA", "RECORD"} and message["stream"] not in order[-1:]:
            order.append(message["stream"])
    return order


Tables = dict[str, Kind]
"""By their names, in their order."""


def add_tables(
    account: Simulator, sizes: Mapping[str, int], kind: Kind = DATED, *, width: int = 10
) -> Tables:
    """Adds tables of one kind with so many rows, whose texts are so long."""
    for name, rows in sizes.items():
        add_table(account, name, rows, kind, width=width)
    return dict.fromkeys(sizes, kind)


def small(count: int) -> dict[str, int]:
    """Sizes of tables of a page, in the order of their names."""
    return {f"small_{number:03}": 3 + number for number in range(count)}


def run(
    account: Simulator,
    gateway: Gateway,
    tables: Tables,
    state: Mapping[str, Any] | None = None,
    **settings: object,
) -> tuple[list[Message], int, str]:
    """One run over all tables, after a first login.

    Until one has succeeded, the tap sends nothing else: what is kept back must not be that one.
    """
    with signals_kept():
        tap = tap_of(gateway, account, tables, state, **settings)
    return run_tap({}, tap=tap)


def tap_of(
    gateway: Gateway,
    account: Simulator,
    tables: Tables,
    state: Mapping[str, Any] | None = None,
    **settings: object,
) -> TapNetSuite:
    """A tap of these tables that is logged in."""
    usual = {"tables": list(tables), "base_url": gateway.base_url, "lookback_seconds": 0}
    config = configuration(account, **{**usual, **settings})
    tap = TapNetSuite(config=config, state=dict(state or {}), catalog=catalog_of(tables))
    tap.connection.fetch(Query("SELECT t.id FROM door t ORDER BY t.id ASC"))
    return tap


def check_rows(account: Simulator, tables: Tables, messages: list[Message]) -> None:
    """Checks that each row of each table came once."""
    for name, kind in tables.items():
        assert came(messages, name, kind) == truth(account, name, kind), name


def tables_of(queries: list[str]) -> list[str]:
    """Which tables queries read from."""
    return [found[1] for query in queries if (found := re.search(r" FROM (\w+) ", query))]
