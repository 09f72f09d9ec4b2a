"""From the settings to a client, of the real account or of the demo's."""

from importlib.metadata import version

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.settings import Settings
from tap_netsuite_tba.simulator.process import DemoAccount


class Connection:
    """The way to one account, and the demo's process where there is one.

    Raises:
        ConfigurationError: The account id, the base URL or a credential cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._demo = DemoAccount.start() if settings.demo else None
        self.client = _connect(settings, self._demo)

    def close(self) -> None:
        """Closes the connections, and ends the demo's process."""
        self.client.close()
        if self._demo:
            self._demo.stop()


def _connect(settings: Settings, demo: DemoAccount | None) -> Client:
    source = demo or settings
    account_id, key, secret, token_id, token_secret = (
        source.account_id,
        source.consumer_key,
        source.consumer_secret,
        source.token_id,
        source.token_secret,
    )
    if not (account_id and key and secret and token_id and token_secret):
        raise ConfigurationError("A connection needs an account id and the four credentials.")
    return connect(
        Account.parse(account_id, source.base_url),
        Credentials(key, secret, token_id, token_secret),
        max_sessions=settings.max_sessions,
        retry_timeout=settings.retry_timeout_seconds,
        user_agent=settings.user_agent or f"tap-netsuite-tba/{version('tap-netsuite-tba')}",
    )
