"""The account under check, and what is known of it so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from tap_netsuite_tba.check.probes import Probe, ask
from tap_netsuite_tba.connection import account_of, credentials_of, sessions_of, user_agent_of
from tap_netsuite_tba.credentials import TBA
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.explanations import Cause
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.clock import Clock
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.settings import Settings, read_settings
from tap_netsuite_tba.simulator.process import DemoAccount, DemoConnection, DemoError

if TYPE_CHECKING:
    from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials

PATIENCE = 60
"""Seconds for which temporary trouble is borne; a run is more patient."""

ASIDE_PATIENCE = 5.0
"""The same for what can be done without."""


class Case:
    """The account under check; what it takes to ask it is made when it is first wanted.

    Args:
        read: Gives the settings as they were written.

    Attributes:
        oddities: What looks odd in the settings, though it fails nothing by itself.
        date: The `Date` of the answer to the first request; None if it had none.
        skew: How far this host's clock is ahead of NetSuite's; None if it is not known.
        proxy: The one on the way to NetSuite, without its user and password; None if there is none.
        is_sealed: Whether nobody between here and NetSuite can read requests, or change them.
        is_administrator: Whether NetSuite said that the role has all permissions.
        record_types: Those in NetSuite's catalog; None if it was not read.
        had_refusal: Whether NetSuite refused a login: then nothing is asked any more that might
            cost another.
    """

    def __init__(self, read: Callable[[], Mapping[str, Any]]) -> None:
        self._read = read
        self.oddities: tuple[Cause, ...] = ()
        self.date: str | None = None
        self.skew: timedelta | None = None
        self.proxy: str | None = None
        self.is_sealed = False
        self.is_administrator = False
        self.record_types: frozenset[str] | None = None
        self.had_refusal = False
        self._demo = DemoAccount()
        self._asides: list[Client] = []
        self._probes: dict[str, Probe] = {}

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The settings as they were written.

        Raises:
            ConfigurationError: They cannot be read.
        """
        return self._read()

    @cached_property
    def settings(self) -> Settings:
        """The settings.

        Raises:
            ConfigurationError: One of them cannot be used.
        """
        return read_settings(self.config)

    @cached_property
    def account(self) -> Account:
        """The account that they lead to.

        Raises:
            ConfigurationError: The account id or the base URL cannot be used.
        """
        return account_of(self._source)

    @cached_property
    def credentials(self) -> "Credentials | CertificateCredentials":
        """What opens it.

        Raises:
            ConfigurationError: A credential cannot be used.
        """
        return credentials_of(self._source)

    @cached_property
    def clock(self) -> Clock:
        """NetSuite's clock, by which requests are signed."""
        return Clock()

    @cached_property
    def sessions(self) -> SessionPool:
        """The slots, which all programs of this host share."""
        return sessions_of(replace(self.settings, retry_timeout_seconds=PATIENCE), self.account)

    @cached_property
    def client(self) -> Client:
        """Asks the account; one refused login is the end of it.

        Raises:
            ConfigurationError: An access token would go to somebody who is not NetSuite.
        """
        return self._connect(self.account, PATIENCE)

    @cached_property
    def workers(self) -> Workers:
        """Where several requests are sent at once."""
        return Workers(self.settings.max_sessions)

    @property
    def signs(self) -> bool:
        """Whether it logs in by Token-Based Authentication."""
        return self.settings.auth_method == TBA

    @property
    def user_agent(self) -> str:
        """How the tap names itself."""
        return user_agent_of(self.settings)

    @property
    def probes(self) -> Mapping[str, Probe]:
        """What came of the tables that were asked for."""
        return self._probes

    def probe(self, tables: Iterable[str]) -> Mapping[str, Probe]:
        """Whether tables can be read, and how many rows they have; each is asked for once.

        Raises:
            NetSuiteError: NetSuite could not be asked.
        """
        asked = list(dict.fromkeys(tables))
        begun = {
            name: self.workers.submit(partial(ask, name, self.client.fetch))
            for name in asked
            if name not in self._probes
        }
        self._probes |= {name: answer.result() for name, answer in begun.items()}
        return {name: self._probes[name] for name in asked}

    @contextmanager
    def aside(self, base_url: str | None = None) -> Iterator[Client]:
        """A client for what can be done without: a login that it is refused ends it alone."""
        account = Account(self.account.realm, base_url) if base_url else self.account
        client = self._connect(account, ASIDE_PATIENCE)
        self._asides.append(client)
        try:
            yield client
        finally:
            # What became of its login does not matter to the other.
            self.sessions.allowance.one_only = False

    def close(self) -> None:
        """Ends what is asked, closes the connections, and ends the demo's process."""
        if "workers" in self.__dict__:
            self.workers.close()
        for client in (*self._asides, *([self.client] if "client" in self.__dict__ else [])):
            client.close()
        self._demo.stop()

    @cached_property
    def _source(self) -> Settings | DemoConnection:
        try:
            return self._demo.start() if self.settings.demo else self.settings
        except DemoError as error:
            raise ConfigurationError(str(error)) from error

    def _connect(self, account: Account, patience: float) -> Client:
        return connect(
            account,
            self.credentials,
            sessions=self.sessions,
            clock=self.clock,
            retry_timeout=patience,
            user_agent=self.user_agent,
            max_refusals=1,
        )
