"""The query that a command is given: as it is, in a file, or on standard input."""

import codecs
import sys
from pathlib import Path

import click

_STANDARD_INPUT = "-"
_BEGINNINGS = ("select", "with", "(", "--", "/*")
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_query(given: str | None) -> str:
    """The text of a query.

    Args:
        given: A SELECT, the name of a file, or `-`; None is standard input, if it is no terminal.

    Raises:
        UsageError: There is no query.
        ClickException: It cannot be read.
    """
    if given is None and sys.stdin.isatty():
        raise click.UsageError(
            'There is no query: write netsuite-tba query "SELECT …", or name a file that has one.'
        )
    if given is None or given == _STANDARD_INPUT:
        return _decoded(sys.stdin.buffer.read(), "Standard input")
    if _is_file(given):
        try:
            return _decoded(Path(given).read_bytes(), given)
        except OSError as error:
            raise click.ClickException(f"{given} cannot be read: {error.strerror}.") from error
    if given.lstrip().lower().startswith(_BEGINNINGS):
        return given
    raise click.UsageError(f"{given!r} is no file, and no query: a query begins with SELECT.")


def _is_file(name: str) -> bool:
    try:
        # A pipe of the shell, <(…), can be read as well.
        return Path(name).exists() and not Path(name).is_dir()
    except (OSError, ValueError):  # Too long for a name, or with characters that none has.
        return False


def _decoded(content: bytes, name: str) -> str:
    marks = (code for mark, code in _BYTE_ORDER_MARKS.items() if content.startswith(mark))
    try:
        return content.decode(next(marks, "utf-8"))
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"{name} is no text in UTF-8 (byte {error.start + 1}); save it in that encoding."
        ) from error
