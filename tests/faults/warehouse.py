"""The warehouse behind the tap, and the truth that it must come to.

It is a target as Singer's specification has them, and then a consumer who keeps the rules of
docs/warehouse.md: rows with `_sdc_deleted_at` are gone, and a line is live if and only if its
`_sdc_parent_modified_at` is the highest of its transaction.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tap_netsuite_tba.simulator import Simulator
from tests.tap_process import Message

Key = tuple[Any, ...]
Row = tuple[Any, ...]
"""The values of all columns but `_sdc_deleted_at`, in the order of their names."""
Columns = Mapping[str, Mapping[str, Any]]
"""The JSON schemas of a stream's columns, in the order of their names."""

DELETED_AT = "_sdc_deleted_at"
PARENT_MODIFIED_AT = "_sdc_parent_modified_at"


@dataclass
class Stream:
    """What a warehouse knows of a stream.

    Attributes:
        key: The key properties; without any, rows are appended.
        rows: What is committed, each with the version of its message.
        emitted: How often each key came, committed or not, since it was cleared.
    """

    columns: Columns
    key: tuple[str, ...]
    rows: dict[Key, tuple[int | None, Message]] = field(default_factory=dict)
    emitted: Counter[Key] = field(default_factory=Counter)

    def key_of(self, record: Message) -> Key:
        """The values of a record's key properties."""
        return tuple(record[name] for name in self.key)

    def activate(self, version: int) -> None:
        """Forgets the rows of any other version."""
        self.rows = {key: row for key, row in self.rows.items() if row[0] == version}


class Warehouse:
    """Commits what a STATE covers, in the order in which it came; or everything at once.

    Args:
        eager: Whether it commits all at once, as targets do whose batches are full.

    Attributes:
        state: The last state.
        streams: What has come, by stream.
        pending: Messages that no STATE has covered yet.
    """

    def __init__(self, *, eager: bool = False) -> None:
        self.state: dict[str, Any] | None = None
        self.streams: dict[str, Stream] = {}
        self.pending: list[Message] = []
        self._eager = eager
        self._appended = 0

    def read(self, line: str | bytes) -> Message:
        """Takes a line with a message, every digit kept."""
        message: Message = json.loads(line, parse_float=Decimal)
        self.take(message)
        return message

    def take(self, message: Message) -> None:
        """Takes a message."""
        match message["type"]:
            case "SCHEMA":
                columns = dict(sorted(message["schema"]["properties"].items()))
                told = Stream(columns, tuple(message["key_properties"]))
                known = self.streams.setdefault(message["stream"], told)
                assert (known.columns, known.key) == (told.columns, told.key)
            case "STATE":
                self._commit()
                self.state = message["value"]
            case "RECORD" | "ACTIVATE_VERSION" as kind:
                stream = self.streams[message["stream"]]
                if kind == "RECORD":
                    stream.emitted[stream.key_of(message["record"])] += 1
                self.pending.append(message)
                if self._eager:
                    self._commit()
            case kind:
                raise AssertionError(kind)

    def crash(self) -> None:
        """Forgets what is not committed."""
        self.pending = []

    def rows(self, name: str) -> "Counter[Row]":
        """The rows of a stream that are live, as a consumer sees them."""
        stream = self.streams[name]
        rows = [row for _, row in stream.rows.values()]
        if PARENT_MODIFIED_AT in stream.columns:
            rows = _of_the_newest(rows)
        names = [name for name in stream.columns if name != DELETED_AT]
        living = (row for row in rows if row.get(DELETED_AT) is None)
        return Counter(tuple(_as_stored(row[name]) for name in names) for row in living)

    def differences(self, name: str, true: "Counter[Row]") -> list[str]:
        """What is wrong with the live rows of a stream, a sentence each."""
        live = self.rows(name)
        names = [name for name in self.streams[name].columns if name != DELETED_AT]
        return [
            f"{count} times {what}: {dict(zip(names, row, strict=True))}"
            for what, rows in (("lost", true - live), ("stale or wrong", live - true))
            for row, count in rows.items()
        ]

    def untouched(self, name: str, before: "Counter[Row]", after: "Counter[Row]") -> set[Key]:
        """The keys of rows that are in both, and so are all that share the first value of a key."""
        stream = self.streams[name]
        if not stream.key:
            return set()
        names = [name for name in stream.columns if name != DELETED_AT]
        places = [names.index(part) for part in stream.key]
        first = places[0]
        touched = {row[first] for row in (before - after) + (after - before)}
        return {tuple(row[place] for place in places) for row in after if row[first] not in touched}

    def _commit(self) -> None:
        for message in self.pending:
            stream = self.streams[message["stream"]]
            if message["type"] == "ACTIVATE_VERSION":
                stream.activate(message["version"])
                continue
            self._appended += 1
            key = stream.key_of(message["record"]) or (self._appended,)
            stream.rows[key] = (message.get("version"), message["record"])
        self.pending = []


def _as_stored(value: object) -> object:
    """A value as the company stores it: the ids of a multi-select are text, such as `3, 55`."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _of_the_newest(lines: list[Message]) -> list[Message]:
    """The lines as they were when their transaction was last modified."""
    newest: dict[int, str] = {}
    for line in lines:
        modified = line[PARENT_MODIFIED_AT] or ""
        newest[line["transaction"]] = max(modified, newest.get(line["transaction"], ""))
    return [
        line for line in lines if (line[PARENT_MODIFIED_AT] or "") == newest[line["transaction"]]
    ]


def truth(account: Simulator, table: str, columns: Columns) -> "Counter[Row]":
    """The rows of a table as the company stores them, in the forms that the tap promises.

    They are read in the company's own database, not through any code of the tap.
    """
    selected = [_expression(name, columns[name]) for name in columns if name != DELETED_AT]
    source = f"{table} r"
    if PARENT_MODIFIED_AT in columns:
        source += " LEFT JOIN transaction p ON p.id = r.transaction"
    return Counter(account.sql(f"SELECT {', '.join(selected)} FROM {source}"))  # noqa: S608 - names of columns


def _expression(name: str, schema: Mapping[str, Any]) -> str:
    column = "p.lastmodifieddate" if name == PARENT_MODIFIED_AT else f'r."{name}"'
    if "boolean" in schema["type"]:
        return f"{column} = 'T'"
    match schema.get("format"):
        case "date-time":
            return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
        case "date":
            return f"strftime({column}, '%Y-%m-%d')"
        case _:
            return column
