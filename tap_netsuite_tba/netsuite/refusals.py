"""The logins that NetSuite refused lately, kept over runs: five in a row lock the user out."""

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tap_netsuite_tba.cache import cache_folder, make_private, write_private
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.file_locks import LockFile

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

logger = logging.getLogger(__name__)

LOCK_SECONDS = 1800
"""How long NetSuite locks a user out, and thus how long a refusal is remembered."""

_LONGEST_WAIT, _PAUSE = 2.0, 0.01
"""Seconds for which others who change the file are waited for, and between two looks."""

_writing = threading.Lock()


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

    def remember(self, fingerprint: str) -> float:
        """Takes down that the credentials were refused now, and returns when that was."""
        with self._alone():
            at = self.now()
            self._write(self._recent() | {fingerprint: at})
        return at

    def forget(self, fingerprint: str) -> None:
        """Lets the credentials be tried again."""
        if self.refused_at(fingerprint) is None:
            return
        with self._alone():
            refused = self._recent()
            refused.pop(fingerprint, None)
            self._write(refused)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the file inside of this, where files can be locked."""
        with _writing, ExitStack() as leaving:
            with suppress(OSError):
                lock = lock_beside(self.path, self.path.name)
                leaving.callback(lock.close)
                until = time.monotonic() + _LONGEST_WAIT
                while not lock.try_lock() and time.monotonic() < until:
                    time.sleep(_PAUSE)
            yield

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


def lock_beside(path: Path, name: str) -> LockFile:
    """A file to lock, in the folder of another one.

    Raises:
        OSError: There can be none.
    """
    if not hasattr(os, "O_NOFOLLOW"):
        raise OSError("this system has no such locks")
    make_private(path.parent)
    return LockFile(path.with_name(f"{name}.lock"))


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
