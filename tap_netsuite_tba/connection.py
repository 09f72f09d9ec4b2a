"""From the settings to a client, of the real account or of the demo's."""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING

from tap_netsuite_tba.credentials import OAUTH2
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import connect
from tap_netsuite_tba.netsuite.host_login import HostLogin
from tap_netsuite_tba.netsuite.host_pool import session_pool
from tap_netsuite_tba.netsuite.login import FirstLogin
from tap_netsuite_tba.netsuite.metadata import RecordCatalog
from tap_netsuite_tba.netsuite.meter import Meter
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.netsuite.refusals import RefusedLogins, default_path, fingerprint
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.settings import HOST, Settings
from tap_netsuite_tba.simulator.process import DemoAccount, DemoConnection, DemoError

if TYPE_CHECKING:
    from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials


class Connection:
    """The way to one account, and the demo's process where there is one.

    Args:
        settings: Which account, as whom, and how.
        meter: Counts the requests.

    Attributes:
        fetch: Sends a query; a page that times out is the caller's to ask for in parts.
        fetch_patiently: Sends a query; one that times out is sent again as it is.
        record_catalog: The record types of the account, and what they look like.
        records: Its records.
        first_answer: Set when NetSuite has let the credentials in.
        identity: Tells this account and token from others, and neither can be told from it; None
            for the demo, which each run starts anew.

    Raises:
        ConfigurationError: The account id, the base URL or a credential cannot be used, or the
            demo did not start.
    """

    def __init__(self, settings: Settings, meter: Meter | None = None) -> None:
        self._demo = DemoAccount()
        try:
            source = self._demo.start() if settings.demo else settings
        except DemoError as error:
            raise ConfigurationError(str(error)) from error
        account, credentials = account_of(source), credentials_of(source)
        self.identity = None if settings.demo else _identity(account, credentials)
        # The demo's account, which each run starts anew, is this process's own.
        first_login = (
            FirstLogin() if settings.demo else _first_login(settings, account, credentials)
        )
        self.first_answer = first_login.is_over
        self._client = connect(
            account,
            credentials,
            sessions=sessions_of(settings, account),
            retry_timeout=settings.retry_timeout_seconds,
            user_agent=user_agent_of(settings),
            meter=meter,
            first_login=first_login,
        )
        self.fetch: Callable[[Query], Page] = self._client.fetch
        self.fetch_patiently: Callable[[Query], Page] = self._client.fetch_patiently
        self.record_catalog = RecordCatalog(self._client.get)
        self.records = RecordService(self._client.get)

    def close(self) -> None:
        """Ends what is asked, closes the connections, and ends the demo's process."""
        self._client.close()
        self._demo.stop()


def account_of(source: Settings | DemoConnection) -> Account:
    """The account that settings lead to.

    Raises:
        ConfigurationError: The account id or the base URL cannot be used.
    """
    return Account.parse(source.account_id or "", source.base_url)


def credentials_of(source: Settings | DemoConnection) -> "Credentials | CertificateCredentials":
    """What opens the account, by the way to log in that the settings name.

    Raises:
        ConfigurationError: A credential cannot be used.
    """
    if isinstance(source, Settings) and source.auth_method == OAUTH2:
        # Only now, for its libraries take their time, and most runs need none of them.
        from tap_netsuite_tba.netsuite.oauth2 import CertificateCredentials  # noqa: PLC0415

        return CertificateCredentials.read(
            source.client_id or "", source.certificate_id or "", source.private_key or ""
        )
    return Credentials(
        consumer_key=source.consumer_key or "",
        consumer_secret=source.consumer_secret or "",
        token_id=source.token_id or "",
        token_secret=source.token_secret or "",
    )


def sessions_of(settings: Settings, account: Account) -> SessionPool:
    """The sessions that settings allow, shared with other programs of this host or not."""
    return session_pool(
        account,
        settings.max_sessions,
        # The demo's account is this process's own.
        is_shared=settings.session_pool == HOST and not settings.demo,
        longest_wait=settings.retry_timeout_seconds,
    )


def user_agent_of(settings: Settings) -> str:
    """How the tap names itself."""
    return settings.user_agent or f"tap-netsuite-tba/{version('tap-netsuite-tba')}"


def _first_login(
    settings: Settings, account: Account, credentials: "Credentials | CertificateCredentials"
) -> FirstLogin:
    return HostLogin(
        RefusedLogins(default_path()),
        fingerprint(account, credentials),
        longest_wait=settings.retry_timeout_seconds,
    )


def _identity(account: Account, credentials: "Credentials | CertificateCredentials") -> str:
    parts = (account.base_url, account.realm, *credentials.names)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
