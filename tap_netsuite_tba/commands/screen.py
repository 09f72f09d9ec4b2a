"""What commands write: results to stdout, all else to stderr, for a terminal or a pipe."""

import io
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.table import Table

_NARROWEST = 80
"""A terminal that is narrower has to fold the lines itself."""

_PIPE_WIDTH = 10_000
"""What reads a pipe reads whole lines."""


def console_of(stream: TextIO) -> Console:
    """A console that writes as wide as its terminal is, or, to a pipe, each line whole."""
    # What cannot be written in the encoding of the terminal is written in another way.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    console.width = max(console.width, _NARROWEST) if stream.isatty() else _PIPE_WIDTH
    return console


class _OnScreen(logging.Handler):
    """Shows warnings as sentences, beside whatever else the console shows."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(f"{record.levelname.capitalize()}: {record.getMessage()}")


@contextmanager
def log_on(console: Console, *, without: Collection[str] = ()) -> Iterator[None]:
    """Shows warnings while a command works.

    Args:
        console: Where.
        without: Names of loggers whose warnings the command's result has.
    """
    handler = _OnScreen(console)
    handler.addFilter(lambda record: record.name not in without)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table without lines, and without columns that are empty.

    On a narrow terminal the names, in the first column, are the last to be folded.
    """
    listed = list(rows)
    filled = [place for place in range(len(heads)) if any(row[place] for row in listed)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place in filled:
        table.add_column(heads[place], no_wrap=place == 0, overflow="fold")
    for row in listed:
        table.add_row(*(row[place] for place in filled))
    return table


def in_one_line(text: str) -> str:
    """A text without what would break a line, or steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
