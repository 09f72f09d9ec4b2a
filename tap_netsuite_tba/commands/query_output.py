"""Rows as they are written: for a terminal, as CSV, or as JSON lines; none of them is kept."""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol, TextIO

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console

from tap_netsuite_tba.commands.screen import console_of, in_one_line

Texts = Mapping[str, str | None]
"""A row: the values as NetSuite writes them, None for a null."""

_WIDEST = 60
_NARROWEST = 4
_BETWEEN = "  "
_CUT = "…"
_LINE_END = "\r\n"
_FORMATS = {".csv": "csv", ".json": "jsonl", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Writer(Protocol):
    """Writes rows in one format."""

    def begin(self, columns: Sequence[str], first: Sequence[Texts]) -> None:
        """Before the first row: the columns, and the first rows, by which widths are chosen."""

    def write_rows(self, rows: Sequence[Texts]) -> None:
        """Some more rows; the first ones, too."""


@dataclass(frozen=True)
class Target:
    """Where a result goes, and how.

    Attributes:
        form: `table`, `csv` or `jsonl`; None for what suits the place.
        file: A file; None for standard output.
    """

    form: str | None
    file: str | None

    def check(self) -> None:
        """Whether it is told in which format its file is to be.

        Raises:
            UsageError: Its ending is that of none, and none is given.
        """
        ending = Path(self.file or "").suffix
        if ending and self.form is None and ending.lower() not in _FORMATS:
            raise click.UsageError(
                f"No format has the ending {ending}: call the file {' or '.join(_FORMATS)}, or "
                f"say in which format it is to be by --format."
            )

    @property
    def is_terminal(self) -> bool:
        """Whether a person sees the rows as they come."""
        return self.file is None and sys.stdout.isatty()

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """What writes there; a file is replaced.

        Raises:
            OSError: The file cannot be written.
        """
        if self.file is None:
            console = console_of(sys.stdout)
            if not self.is_terminal and isinstance(sys.stdout, TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8")
            yield self._writer_to(sys.stdout, console)
            sys.stdout.flush()
        else:
            with Path(self.file).open("w", encoding="utf-8", newline="") as file:
                yield self._writer_to(file, None)

    def _writer_to(self, stream: TextIO, console: Console | None) -> Writer:
        form = self.form or ("table" if self.is_terminal else self._form_of_file)
        width = console.width if console and self.is_terminal else None
        if form == "table":
            return _Table(stream, width)
        if form == "csv":
            return _Csv(stream, is_terminal=self.is_terminal)
        return _JsonLines(stream, is_terminal=self.is_terminal)

    @property
    def _form_of_file(self) -> str:
        return _FORMATS.get(Path(self.file or "").suffix.lower(), "csv")


class _Csv:
    """Comma-separated values, with a line of names; a null is empty."""

    def __init__(self, stream: TextIO, *, is_terminal: bool) -> None:
        self._stream, self._is_terminal = stream, is_terminal
        self._columns: Sequence[str] = ()
        # A carriage return in a value is quoted only if lines end in one.
        self._lines = csv.writer(self, lineterminator=_LINE_END)

    def begin(self, columns: Sequence[str], first: Sequence[Texts]) -> None:  # noqa: ARG002 - no widths here
        self._columns = columns
        if columns:
            self._lines.writerow(columns)

    def write_rows(self, rows: Sequence[Texts]) -> None:
        self._lines.writerows([row.get(name) or "" for name in self._columns] for row in rows)

    def write(self, line: str) -> None:
        """What the module csv calls with each line."""
        line = line.removesuffix(_LINE_END) + "\n"
        self._stream.write(_harmless(line) if self._is_terminal else line)


class _JsonLines:
    """One JSON object a line, every column in it; a null is null."""

    def __init__(self, stream: TextIO, *, is_terminal: bool) -> None:
        self._stream, self._is_terminal = stream, is_terminal
        self._columns: Sequence[str] = ()

    def begin(self, columns: Sequence[str], first: Sequence[Texts]) -> None:  # noqa: ARG002 - no widths here
        self._columns = columns

    def write_rows(self, rows: Sequence[Texts]) -> None:
        for row in rows:
            line = json.dumps({name: row.get(name) for name in self._columns}, ensure_ascii=False)
            self._stream.write(f"{_harmless(line) if self._is_terminal else line}\n")


class _Table:
    """Columns below each other, as wide as the first rows want.

    On a terminal longer values are cut, and where the columns have no room each row is a list.

    Args:
        stream: Where.
        width: Of the terminal; None where nothing is to be cut.
    """

    def __init__(self, stream: TextIO, width: int | None) -> None:
        self._stream, self._width = stream, width
        self._columns: dict[str, int] = {}
        self._numbers: frozenset[str] = frozenset()
        self._has_room = True

    def begin(self, columns: Sequence[str], first: Sequence[Texts]) -> None:
        shown = {name: [_shown(row.get(name)) for row in first] for name in columns}
        widths = {name: max(map(cell_len, [name, *cells])) for name, cells in shown.items()}
        self._columns = widths if self._width is None else _fitting(widths, self._width)
        self._numbers = frozenset(name for name, cells in shown.items() if _are_numbers(cells))
        room = len(_BETWEEN) * (len(columns) - 1) + sum(self._columns.values())
        self._has_room = self._width is None or room <= self._width
        if self._has_room and columns:
            self._line({name: name for name in columns})
            self._line({name: "-" * width for name, width in self._columns.items()})

    def write_rows(self, rows: Sequence[Texts]) -> None:
        for row in rows:
            if self._has_room:
                self._line(row)
            else:
                self._list(row)

    def _list(self, row: Texts) -> None:
        """One value a line, without nulls, and an empty line behind the row."""
        width = max(map(cell_len, self._columns), default=0)
        lines = [f"{set_cell_size(name, width)}{_BETWEEN}{_shown(row[name])}\n" for name in row]
        self._stream.write("".join([*lines, "\n"]))

    def _line(self, row: Texts) -> None:
        cells = (self._cell(name, _shown(row.get(name))) for name in self._columns)
        self._stream.write(_BETWEEN.join(cells).rstrip() + "\n")

    def _cell(self, name: str, text: str) -> str:
        width, missing = self._columns[name], self._columns[name] - cell_len(text)
        if missing < 0:
            return text if self._width is None else set_cell_size(text, width - 1) + _CUT
        return " " * missing + text if name in self._numbers else text + " " * missing


def _fitting(widths: Mapping[str, int], room: int) -> dict[str, int]:
    """Widths that fit into the room together: the widest are made narrower, as far as that goes."""
    fitting = {name: min(width, _WIDEST) for name, width in widths.items()}
    room -= len(_BETWEEN) * (len(fitting) - 1)
    while fitting and sum(fitting.values()) > room:
        widest = max(fitting, key=lambda name: fitting[name])
        if fitting[widest] <= _NARROWEST:
            break
        fitting[widest] -= 1
    return fitting


def _shown(text: str | None) -> str:
    return in_one_line(text or "")


def _are_numbers(cells: Sequence[str]) -> bool:
    found = [cell for cell in cells if cell]
    return bool(found) and all(
        cell.removeprefix("-").replace(".", "", 1).isdecimal() for cell in found
    )


def _harmless(text: str) -> str:
    """A text without what would steer a terminal; lines stay lines."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
