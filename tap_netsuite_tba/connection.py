"""From the settings to a client, of the real account or of the demo's."""

from importlib.metadata import version

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.simulator.process import DemoAccount, DemoConnection, DemoError


class Connection:
    """The way to one account, and the demo's process where there is one.

    Attributes:
        client: Asks the account.

    Raises:
        ConfigurationError: The account id, the base URL or a credential cannot be used, or the
            demo did not start.
    """

    def __init__(self, settings: Settings) -> None:
        self._demo = DemoAccount()
        try:
            source = self._demo.start() if settings.demo else settings
        except DemoError as error:
            raise ConfigurationError(str(error)) from error
        self.client = _client(settings, source)

    def close(self) -> None:
        """Closes the connections, and ends the demo's process."""
        self.client.close()
        self._demo.stop()


def _client(settings: Settings, source: Settings | DemoConnection) -> Client:
    return connect(
        Account.parse(source.account_id or "", source.base_url),
        Credentials(
            consumer_key=source.consumer_key or "",
            consumer_secret=source.consumer_secret or "",
            token_id=source.token_id or "",
            token_secret=source.token_secret or "",
        ),
        max_sessions=settings.max_sessions,
        retry_timeout=settings.retry_timeout_seconds,
        user_agent=settings.user_agent or f"tap-netsuite-tba/{version('tap-netsuite-tba')}",
    )
