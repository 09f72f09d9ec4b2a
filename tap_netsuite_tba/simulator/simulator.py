"""The simulator: an account with a company, served on loopback while a ``with`` lasts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tap_netsuite_tba.simulator.account import Account, Counters, Route
from tap_netsuite_tba.simulator.churn import Activity, Churn
from tap_netsuite_tba.simulator.clock import Clock
from tap_netsuite_tba.simulator.company import Company
from tap_netsuite_tba.simulator.faults import Faults
from tap_netsuite_tba.simulator.governance import Governance
from tap_netsuite_tba.simulator.latency import Latency
from tap_netsuite_tba.simulator.life import Life
from tap_netsuite_tba.simulator.logins import Credentials, Logins
from tap_netsuite_tba.simulator.metadata.record_types import RecordTypes
from tap_netsuite_tba.simulator.metadata.service import MetadataService
from tap_netsuite_tba.simulator.not_imitated import not_imitated_routes
from tap_netsuite_tba.simulator.oauth2 import OAuth2
from tap_netsuite_tba.simulator.oauth2_service import TokenService
from tap_netsuite_tba.simulator.records.service import record_service
from tap_netsuite_tba.simulator.role_files import load_role
from tap_netsuite_tba.simulator.roles import ColumnRefusal, Role
from tap_netsuite_tba.simulator.server import Server
from tap_netsuite_tba.simulator.storage import Storage
from tap_netsuite_tba.simulator.suiteql.catalog import Catalog
from tap_netsuite_tba.simulator.suiteql.date_formats import preference_format
from tap_netsuite_tba.simulator.suiteql.engine import Engine
from tap_netsuite_tba.simulator.suiteql.kinds import Preferences
from tap_netsuite_tba.simulator.suiteql.service import PATH, SuiteQLService
from tap_netsuite_tba.simulator.switches import Switches
from tap_netsuite_tba.simulator.system import SystemService, token_holder
from tap_netsuite_tba.simulator.tls import server_context

DEFAULT_TRANSACTIONS = 40_000
_HIGHEST_PORT = 65_535
_LONGEST_WAIT = 86_400


class Simulator:
    """An imitation NetSuite account; enter it to start it, leave it to stop it.

    Attributes:
        credentials: what to log in with.
        clock: the account's time; settable.
        faults: what goes wrong when.
        oauth2: certificates for OAuth 2.0, and the access tokens that they bring.
        logins: its door, for blocked integrations and the like.
        governance: its concurrency limit, and who shares it.
        records: its records as documents, and which of them refuse.
        watchers: each is told of every request that it worked on, in the thread that answers.
    """

    def __init__(  # noqa: PLR0913  # each is one property of an account
        self,
        transactions: int = DEFAULT_TRANSACTIONS,
        seed: int = 1,
        born: datetime | None = None,
        *,
        company: bool = True,
        alive: bool = False,
        churn: Churn | None = None,
        concurrency_limit: int = 5,
        too_many_wait: float = 60.0,
        latency: float | Latency = 0.0,
        port: int = 0,
        certfile: Path | str | None = None,
        keyfile: Path | str | None = None,
        credentials: Credentials | None = None,
        role: Role | Path | str = "administrator",
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
            churn: what else happens by itself, in an account that is not alive; None for nothing.
            concurrency_limit: requests that it works on at once.
            too_many_wait: seconds that a request over that limit is held where the switch
                ``too_many`` says 401.
            latency: seconds that each request takes at least, or more exactly.
            port: to listen on; 0 for a free one.
            certfile: a certificate in PEM; with it the port speaks TLS too.
            keyfile: its private key in PEM, without a password.
            credentials: what to log in with; None for obvious fakes.
            role: of the token: one that ships, by its name, or a file, or one made in Python.
            time_zone: the session's IANA zone.
            date_format: how dates are printed.
            switches: which answer it gives where facts are unsure.

        Raises:
            ValueError: an unknown time zone or date format, a number out of bounds, a certificate
                or a role file that cannot be used, an account that is alive and has churn.
        """
        _check_bounds(concurrency_limit, too_many_wait, port)
        self._switches = switches = switches or Switches()
        preferences = _preferences(time_zone, date_format, switches)
        self._latency = latency if isinstance(latency, Latency) else Latency(latency)
        self._tls = server_context(certfile, keyfile)
        self.credentials = credentials or Credentials()
        self.clock = Clock()
        self.logins = Logins(self.credentials, self.clock)
        self.oauth2 = OAuth2(self.credentials.account_id, self.clock.now)
        self.logins.check_bearer = self.oauth2.check
        self._storage = Storage()
        self._catalog = Catalog()
        self.role = role
        self._life = self._activity = None
        if alive and churn:
            raise ValueError("an account that is alive cannot have churn; choose one of them")
        if company:
            born = (born or self.clock.now()).replace(second=0, microsecond=0)
            described = Company(born, transactions, seed)
            self._life = Life(self._storage, self.clock, described)
            if not alive:
                self._activity = Activity(self._storage, self.clock, described, churn)
        engine = Engine(self._storage, self._catalog, preferences, self.clock, switches)
        suiteql = SuiteQLService(engine, switches)
        record_types = RecordTypes(self._storage, self._catalog)
        records = record_service(record_types, self._storage, self._catalog, preferences, switches)
        self.records = records.records
        patience = too_many_wait if switches.too_many == "401" else 0.0
        self.governance = Governance(concurrency_limit, patience)
        self._account = Account(
            self.credentials.account_id,
            self.logins,
            self.governance,
            [Route(PATH, suiteql.answer), *self._about_itself(record_types), *records.routes()],
            switches,
        )
        if alive and self._life is not None:
            self._account.before_each = self._life.go_on
        if churn and self._activity is not None:
            self._account.before_each = self._activity.go_on
        self.faults = self._account.faults = Faults(seed)
        self.watchers = self._account.watchers
        self._port = port
        self._server: Server | None = None
        self._was_entered = False

    def _about_itself(self, record_types: RecordTypes) -> list[Route]:
        """Return the services that tell what there is, how much of it, and whose."""
        account_id, switches = self.credentials.account_id, self._switches
        metadata = MetadataService(
            record_types,
            lambda: token_holder(account_id, self._catalog.role),
            self.clock,
            switches,
        )
        system = SystemService(self.logins, self.governance, account_id, switches)
        tokens = TokenService(account_id, self.logins, self.oauth2, switches)
        others = not_imitated_routes()
        return [*metadata.routes(), *system.routes(), *tokens.routes(), *others]

    def __enter__(self) -> Self:
        """Build the company and serve.

        Raises:
            OSError: the port is taken.
            RuntimeError: it was entered before.
        """
        if self._was_entered:
            raise RuntimeError("A simulator is entered once; make another one.")
        server = Server(self._account, self._port, self._latency, self._tls, self._switches)
        self._was_entered = True
        try:
            if self._life is not None:
                self._life.begin()
        except BaseException:
            server.server_close()
            raise
        server.start()
        self._server = server
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up on everybody and forget the company."""
        if self._server is not None:
            self._server.stop(self._storage.interrupt)
            self._server = None
        self._storage.close()

    @property
    def base_url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8080``; with a certificate ``https``.

        Raises:
            RuntimeError: it is not running.
        """
        if self._server is None:
            raise RuntimeError("The simulator has an address only while it is entered.")
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.port}"

    @property
    def others(self) -> int:
        """Places that other integrations take of the concurrency limit; settable at any time."""
        return self._account.governance.others

    @others.setter
    def others(self, places: int) -> None:
        self._account.governance.others = places

    @property
    def role(self) -> Role:
        """The token's role; another one, or its name, or its file, holds from the next request on.

        Raises:
            RoleFileError: its file cannot be used.
        """
        return self.logins.role

    @role.setter
    def role(self, role: Role | Path | str) -> None:
        self._catalog.role = self.logins.role = role if isinstance(role, Role) else load_role(role)

    @property
    def counters(self) -> Counters:
        """What it has seen so far."""
        return self._account.counters

    @property
    def churn(self) -> Activity:
        """What tests do to the company: edit, enter, delete.

        Raises:
            RuntimeError: there is no company, or it is alive and would undo what was done.
        """
        if self._activity is None:
            raise RuntimeError("Only an account with a company that is not alive has churn.")
        return self._activity

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

    def readable(self) -> dict[str, frozenset[str]]:
        """Return what the role may read now: the tables, each with its columns."""
        self._catalog.follow(self._storage.tables, self._storage.views)
        return {
            table: frozenset(self._catalog.columns(table))
            for table in self._catalog.visible_tables()
        }

    def refuse(
        self, table: str, column: str, how: ColumnRefusal = ColumnRefusal.NOT_EXPOSED
    ) -> None:
        """Keep a column from the role, in one of the ways that NetSuite has for it."""
        self._catalog.refuse(table, column, how)


def _check_bounds(concurrency_limit: int, too_many_wait: float, port: int) -> None:
    if concurrency_limit < 1:
        raise ValueError(f"concurrency_limit is 1 or more, not {concurrency_limit}")
    if not 0 <= too_many_wait <= _LONGEST_WAIT:
        raise ValueError(f"too_many_wait is 0 to {_LONGEST_WAIT} seconds, not {too_many_wait}")
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError(f"port is 0 to {_HIGHEST_PORT}, not {port}")


def _preferences(time_zone: str, date_format: str, switches: Switches) -> Preferences:
    preference_format(date_format)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{time_zone!r} is no IANA time zone; one is Europe/Berlin") from error
    return Preferences(
        time_zone,
        date_format,
        numbers=switches.numbers,
        missing_hour=switches.missing_hour,
        utc_of_date=switches.utc_of_date,
    )
