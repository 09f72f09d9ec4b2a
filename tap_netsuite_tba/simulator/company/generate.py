"""A company, written into DuckDB as of an instant.

The company is told in the SQL files beside this module; here is what they are told of, and in
which order they run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from tap_netsuite_tba.simulator.company.scripts import run

# The transactions that are drawn up at once; it bounds the memory that this needs.
PART_SIZE = 50_000

# How many transactions a company may have when it is born.
SIZES = range(100, 1_000_001)

BIRTH = (
    *("functions", "tables", "organisation", "ledger", "items", "vendors", "customization"),
    *("references", "stock", "consolidation", "parties", "addresses", "features"),
    *("plan", "birth", "customers"),
)
LIFE = ("functions", "plan", "life", "customers")
# For each part of what is due.
DOCUMENTS = ("documents", "lines", "postings", "headers")


@dataclass(frozen=True)
class Company:
    """Which company: equal values are the same company, row for row.

    Attributes:
        transactions: how many it has when it is born, 100 to 1,000,000.
        seed: another seed is another company.
        born: when the account was first started; its history is the five years before.

    Raises:
        ValueError: ``born`` has no time zone or a fraction of a second, or the size is out of
            bounds.
    """

    born: datetime
    transactions: int = 40_000
    seed: int = 1

    def __post_init__(self) -> None:
        if self.born.tzinfo is None or self.born.microsecond:
            raise ValueError(f"born must be whole seconds with a time zone, not {self.born!r}")
        if self.transactions not in SIZES:
            raise ValueError(
                f"transactions must be {SIZES[0]:,} to {SIZES[-1]:,}, not {self.transactions:,}",
            )


def build(connection: duckdb.DuckDBPyConnection, company: Company) -> None:
    """Create the tables of ``company`` and fill them as of its birth.

    Args:
        connection: a database that has none of the tables yet.
        company: what to build.

    Raises:
        duckdb.CatalogException: a table is there already.
    """
    with connection.cursor() as session:
        _tell(session, company, since=company.born, until=company.born)
        # Its many short statements take longer to optimize than to run.
        session.execute("PRAGMA disable_optimizer")
        run(session, *BIRTH)
        session.execute("PRAGMA enable_optimizer")
        for part in _parts(session):
            # DuckDB compresses what is committed, and so a million transactions fit.
            with _transaction(session):
                _write_documents(session, part)


def live(
    connection: duckdb.DuckDBPyConnection,
    company: Company,
    since: datetime,
    until: datetime,
) -> None:
    """Let happen what happens in ``(since, until]``, in one transaction.

    Steps compose: two, one after the other, leave the same rows as one over both.

    Args:
        connection: a database in which ``company`` is as of ``since``.
        company: the one that was built.
        since: an instant with a time zone; what lies before the birth does not count.
        until: an instant with a time zone, not before ``since``.

    Raises:
        ValueError: ``until`` is before ``since``.
    """
    if until < since:
        raise ValueError(f"until ({until}) must not be before since ({since})")
    if until <= company.born:
        return
    with connection.cursor() as session, _transaction(session):
        _tell(session, company, since=max(since, company.born), until=until)
        run(session, *LIFE)
        for part in _parts(session):
            _write_documents(session, part)


def _tell(
    session: duckdb.DuckDBPyConnection,
    company: Company,
    *,
    since: datetime,
    until: datetime,
) -> None:
    """Set the variables that the SQL files know; what happens, happens on whole seconds."""
    size = company.transactions
    told = {
        "seed": company.seed,
        "transactions": size,
        "customers": min(max(size // 40, 60), 20_000),
        "vendors": min(max(size // 200, 30), 5_000),
        "employees": min(max(size // 500, 25), 2_000),
        "items": min(max(size // 80, 40), 8_000),
        "born": _naive(company.born),
        "since": _naive(since),
        "until": _naive(until),
        "part_size": PART_SIZE,
    }
    for name, value in told.items():
        session.execute(f"SET VARIABLE {name} = ?", [value])


def _naive(instant: datetime) -> datetime:
    """Return ``instant`` as DuckDB's TIMESTAMP holds it: in UTC, whole seconds, no zone."""
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _parts(session: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the parts of the transactions that are due, in order."""
    return [
        part for (part,) in session.execute("SELECT DISTINCT part FROM due ORDER BY 1").fetchall()
    ]


def _write_documents(session: duckdb.DuckDBPyConnection, part: int) -> None:
    session.execute("SET VARIABLE part = ?", [part])
    run(session, *DOCUMENTS)


@contextmanager
def _transaction(session: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block does, or leave it to be rolled back when the session closes."""
    session.begin()
    yield
    session.commit()
