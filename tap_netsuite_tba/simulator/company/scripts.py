"""The SQL files in which the company is told."""

from functools import cache
from importlib.resources import files

import duckdb


def run(session: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Run the files ``names``, without their ending, one after the other.

    Raises:
        duckdb.Error: as DuckDB says.
    """
    for name in names:
        for statement in _statements(name):
            session.execute(statement)


@cache
def _statements(name: str) -> list[duckdb.Statement]:
    """Return the statements of a file; parsing them anew would take a fifth of the time."""
    text = (files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
    return duckdb.extract_statements(text)
