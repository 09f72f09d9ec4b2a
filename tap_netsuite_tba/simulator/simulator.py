"""The simulator: an account with a company, served on loopback while a ``with`` lasts."""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tap_netsuite_tba.simulator.account import Account, Counters
from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.company import Company
from tap_netsuite_tba.simulator.governance import Governance
from tap_netsuite_tba.simulator.life import Life
from tap_netsuite_tba.simulator.logins import Credentials, Logins
from tap_netsuite_tba.simulator.server import Server
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog, ColumnRefusal
from tap_netsuite_tba.simulator.suiteql.engine import Engine
from tap_netsuite_tba.simulator.suiteql.formats import preference_format
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences
from tap_netsuite_tba.simulator.suiteql.service import PATH, SuiteQLService
from tap_netsuite_tba.simulator.switches import Switches

DEFAULT_TRANSACTIONS = 40_000


class Simulator:
    """An imitation NetSuite account; enter it to start it, leave it to stop it.

    Attributes:
        credentials: what to log in with.
        clock: the account's time; settable.
        faults: what goes wrong when.
        logins: its door, for blocked integrations and the like.
    """

    def __init__(  # noqa: PLR0913  # each is one property of an account
        self,
        transactions: int = DEFAULT_TRANSACTIONS,
        seed: int = 1,
        born: datetime | None = None,
        *,
        company: bool | None = True,
        alive: bool = False,
        concurrency_limit: int = 5,
        latency: float = 0.0,
        port: int = 0,
        credentials: Credentials | None = None,
        time_zone: str = "America/Los_Angeles",
        date_format: str = "M/D/YYYY",
        switches: Switches | None = None,
    ) -> None:
        """Set an account up.

        Args:
            transactions: how many the company has.
            seed: which company of that size.
            born: when its history ends and its life begins; None for now.
            company: whether there is one; without, the account has no tables.
            alive: let orders, edits and deletes happen as minutes pass.
            concurrency_limit: requests that it works on at once.
            latency: seconds that each request takes at least.
            port: to listen on; 0 for a free one.
            credentials: what to log in with; None for obvious fakes.
            time_zone: the session's IANA zone.
            date_format: how dates are printed.
            switches: which answer it gives where facts are unsure.

        Raises:
            ValueError: an unknown time zone or date format, a size out of bounds.
        """
        preferences = _preferences(time_zone, date_format)
        switches = switches or Switches()
        self.credentials = credentials or Credentials()
        self.clock = Clock()
        self.logins = Logins(self.credentials, self.clock)
        self._storage = Storage()
        self._catalog = Catalog()
        self._life = None
        if company:
            born = (born or self.clock.now()).replace(second=0, microsecond=0)
            self._life = Life(self._storage, self.clock, Company(born, transactions, seed))
        engine = Engine(self._storage, self._catalog, preferences, self.clock, switches)
        suiteql = SuiteQLService(engine, switches)
        self._account = Account(
            self.credentials.account_id,
            self.logins,
            Governance(concurrency_limit),
            {PATH: suiteql.answer},
            switches,
        )
        if alive and self._life is not None:
            self._account.before_each = self._life.go_on
        self.faults = self._account.faults
        self._port = port
        self._latency = latency
        self._switches = switches
        self._server: Server | None = None

    def __enter__(self) -> Self:
        """Build the company and serve.

        Raises:
            OSError: the port is taken.
        """
        self._server = Server(self._account, self._port, self._latency, self._switches)
        try:
            if self._life is not None:
                self._life.begin()
        except BaseException:
            self._server.server_close()
            raise
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up on everybody and forget the company."""
        if self._server is not None:
            self._server.stop()
        self._storage.close()

    @property
    def base_url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8080``.

        Raises:
            RuntimeError: it is not running.
        """
        if self._server is None:
            raise RuntimeError("The simulator has no address before it is entered.")
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def counters(self) -> Counters:
        """What it has seen so far."""
        return self._account.counters

    def sql(self, text: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Read or change the truth, by DuckDB's SQL, at any time.

        Args:
            text: one statement or, without parameters, several.
            parameters: values for ``?``.

        Raises:
            duckdb.Error: as DuckDB says.
        """
        return self._storage.sql(text, parameters)

    def hide(self, table: str) -> None:
        """Take the permission to read ``table`` from the role."""
        self._catalog.hide(table)

    def show(self, table: str) -> None:
        """Give the permission to read ``table`` back to the role."""
        self._catalog.show(table)

    def refuse(
        self, table: str, column: str, how: ColumnRefusal = ColumnRefusal.NOT_EXPOSED
    ) -> None:
        """Keep a column from the role, in one of the ways that NetSuite has for it."""
        self._catalog.refuse(table, column, how)


def _preferences(time_zone: str, date_format: str) -> Preferences:
    preference_format(date_format)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{time_zone!r} is no IANA time zone; one is Europe/Berlin") from error
    return Preferences(time_zone, date_format)
