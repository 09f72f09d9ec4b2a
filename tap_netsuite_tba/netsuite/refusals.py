"""The logins that NetSuite refused lately, kept over runs: five in a row lock the user out."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from tap_netsuite_tba.cache import cache_folder, write_private
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.errors import LoginRefused, NetSuiteError, proves_login

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

logger = logging.getLogger(__name__)

LOCK_SECONDS = 1800
"""How long NetSuite locks a user out, and thus how long a refusal is remembered."""


_writing = threading.Lock()


class _Asked(Protocol):
    @property
    def table(self) -> str | None: ...


Asked = TypeVar("Asked", bound=_Asked)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class RefusedLogins:
    """A file of fingerprints of refused credentials, each with the time of its refusal.

    Attributes:
        path: Where it lies.
        now: The host's clock, in seconds since 1970.
    """

    path: Path
    now: Callable[[], float] = time.time

    def refused_at(self, fingerprint: str) -> float | None:
        """When the credentials were refused; None if not within the last half hour."""
        return self._recent().get(fingerprint)

    def remember(self, fingerprint: str) -> None:
        """Takes down that the credentials were refused now."""
        with _writing:
            self._write(self._recent() | {fingerprint: self.now()})

    def forget(self, fingerprint: str) -> None:
        """Lets the credentials be tried again."""
        with _writing:
            refused = self._recent()
            if refused.pop(fingerprint, None):
                self._write(refused)

    def _write(self, refused: Mapping[str, float]) -> None:
        try:
            write_private(self.path, json.dumps(refused).encode())
        except OSError as error:
            logger.warning("Which logins were refused cannot be remembered: %s", error)

    def _recent(self) -> dict[str, float]:
        try:
            content = json.loads(self.path.read_text())
            refused = {str(fingerprint): float(at) for fingerprint, at in content.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            logger.warning("The refused logins in %s cannot be read: %s", self.path, error)
            return {}
        now = self.now()
        return {mark: at for mark, at in refused.items() if now - LOCK_SECONDS < at <= now}


def default_path() -> Path:
    """The file in the user's cache folder."""
    return cache_folder() / "refused-logins.json"


def fingerprint(account: Account, credentials: "DataclassInstance") -> str:
    """A hash of an account and of credentials of any kind, from which neither can be told."""
    parts = {
        "account": asdict(account),
        "kind": type(credentials).__name__,
        "credentials": asdict(credentials),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass
class Heard:
    """What NetSuite has said of the credentials in this process.

    Attributes:
        first_answer: Set when it has let them in. Who is in no hurry waits for it, for until then
            requests go one by one.
    """

    accepted: bool = False
    refused: bool = False
    first_answer: threading.Event = field(default_factory=threading.Event)

    def accept(self) -> None:
        """Take note that it has let them in."""
        self.accepted = True
        self.first_answer.set()


def guarded(
    fetch: Callable[[Asked], Answer],
    refused: RefusedLogins,
    mark: str,
    heard: Heard | None = None,
) -> Callable[[Asked], Answer]:
    """The same fetch, which does not try credentials that were refused within half an hour.

    A refusal of a login that was good before is not remembered: NetSuite answers too many requests
    so, too.

    Args:
        fetch: Sends a query, or gets a document.
        refused: What is remembered.
        mark: The fingerprint of the credentials.
        heard: Shared by the ways to one account. What NetSuite has said itself goes before what is
            remembered.
    """
    heard = heard or Heard()

    def fetch_unless_refused(asked: Asked) -> Answer:
        is_known = heard.accepted or heard.refused
        if not is_known and (at := refused.refused_at(mark)):
            until = datetime.fromtimestamp(at + LOCK_SECONDS, UTC)
            raise LoginRefused(
                f"these very credentials were refused at {datetime.fromtimestamp(at, UTC):%H:%M} "
                f"UTC and are not tried again before {until:%H:%M} UTC, for five refusals lock the "
                "user out. If something was mended in NetSuite since, run `netsuite-tba check`",
                table=asked.table,
            )
        try:
            answer = fetch(asked)
        except LoginRefused:
            heard.refused = True
            if not heard.accepted:
                refused.remember(mark)  # By each thread: the run may end with the first.
            raise
        except NetSuiteError as error:
            if proves_login(error):
                heard.accept()
            raise
        heard.accept()
        return answer

    return fetch_unless_refused
