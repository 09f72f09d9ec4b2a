"""A NetSuite account: how its id is written, where it lives, what opens it."""

import ipaddress
import re
from dataclasses import dataclass, field, fields
from urllib.parse import SplitResult, urlsplit

from tap_netsuite_tba.errors import ConfigurationError

_ACCOUNT_ID = re.compile(r"[A-Z0-9]{1,24}(?:[_-][A-Z0-9]{1,12})?", re.ASCII | re.IGNORECASE)
_NETSUITE_HOST = re.compile(
    # Hosts that belong to no account, such as system.na1.netsuite.com, have no digit in front.
    rf"(?P<account>(?=[^.]*[0-9]){_ACCOUNT_ID.pattern})(?:\.[a-z0-9-]+)+\.netsuite\.com",
    re.ASCII | re.IGNORECASE,
)
_EXAMPLE = "Write it as NetSuite shows it at Setup > Company > Company Information: 1234567_SB1"


@dataclass(frozen=True)
class Account:
    """Where an account is reached.

    Attributes:
        realm: The account id as signatures carry it, upper case with an underscore: `1234567_SB1`.
        base_url: Scheme and host of its REST web services, without a slash at the end.
    """

    realm: str
    base_url: str

    @classmethod
    def parse(cls, text: str, base_url: str | None = None) -> "Account":
        """Understand an account id in any form that people type or copy.

        Args:
            text: `1234567_SB1`, `1234567-sb1`, or any address of the account under netsuite.com.
            base_url: Where to send requests instead of NetSuite's own host: a proxy, a simulator.

        Raises:
            ConfigurationError: It is no account id, or could lead to another host than NetSuite's.
        """
        text = text.strip()
        if not text:
            raise ConfigurationError(f"account_id is empty. {_EXAMPLE}.")
        match = _NETSUITE_HOST.fullmatch(_host_in(text)) if re.search("[./:]", text) else None
        account_id = match["account"] if match else text
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise ConfigurationError(
                "account_id is neither an account id nor an address of an account under "
                f"netsuite.com. {_EXAMPLE}."
            )
        realm = _realm(account_id)
        return cls(realm, _checked(base_url) if base_url else f"https://{_host(realm)}")

    @property
    def host(self) -> str:
        """NetSuite's own host for the REST web services of this account."""
        return _host(self.realm)

    @property
    def on_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        return _is_loopback(urlsplit(self.base_url).hostname)

    @property
    def is_at_netsuite(self) -> bool:
        """Whether requests go to a host of this very account under netsuite.com."""
        match = _NETSUITE_HOST.fullmatch(urlsplit(self.base_url).hostname or "")
        return match is not None and _realm(match["account"]) == self.realm


@dataclass(frozen=True)
class Credentials:
    """What opens an account by Token-Based Authentication; its `repr` shows none of it."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token_id: str = field(repr=False)
    token_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        for credential in fields(self):
            check_copied(
                credential.name,
                getattr(self, credential.name),
                "the page that NetSuite showed when the integration or the token was made: 64 "
                "letters and digits",
            )

    @property
    def names(self) -> tuple[str, ...]:
        """What tells them from those of another role or user, whatever the secrets are."""
        return (self.token_id,)


def check_copied(name: str, value: str, source: str) -> None:
    """Refuse a credential that was not copied as NetSuite showed it.

    Raises:
        ConfigurationError: It is empty or has white space in it.
    """
    if not value or re.search(r"\s", value):
        problem = "has white space in it" if value else "is empty"
        raise ConfigurationError(f"{name} {problem}. Copy it anew from {source}.")


def _realm(account_id: str) -> str:
    return account_id.upper().replace("-", "_")


def _host(realm: str) -> str:
    return f"{realm.lower().replace('_', '-')}.suitetalk.api.netsuite.com"


def _host_in(text: str) -> str:
    """The host of an address; empty if there is none, or if it carries a user name."""
    address = _split(text if "//" in text else f"//{text}")
    return (address.hostname or "") if address and "@" not in address.netloc else ""


def _split(url: str) -> SplitResult | None:
    try:
        address = urlsplit(url)
        _ = address.port  # which may be malformed, as by a password with a slash in it
    except ValueError:
        return None
    return address


def _checked(base_url: str) -> str:
    address = _split(base_url.strip())
    if not address or not address.hostname or address.scheme not in ("https", "http"):
        problem = "is no address"
    elif "@" in address.netloc or address.query or address.fragment:
        problem = "carries more than scheme, host, port and path"
    elif address.scheme == "http" and not _is_loopback(address.hostname):
        problem = "is plain http to another machine, where anyone between could read the rows"
    else:
        return address.geturl().rstrip("/")
    raise ConfigurationError(
        f"base_url {problem}. Leave it out to use NetSuite's own host, or write for example "
        "https://netsuite-proxy.example.com or, on this machine, http://127.0.0.1:8080."
    )


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
