"""Which sessions a process has: those of its host, if it can share them, or its own."""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.host_sessions import HostSlots
from tap_netsuite_tba.netsuite.private_folder import runtime_folder, sweep
from tap_netsuite_tba.netsuite.sessions import SessionPool

logger = logging.getLogger(__name__)

_OF_LOOPBACK = "@"
"""What the names of folders have before the port that a simulator listens on."""

_PORTS = {"http": 80, "https": 443}


def session_pool(
    account: Account, max_sessions: int, *, is_shared: bool, longest_wait: float
) -> SessionPool:
    """The sessions of this process, on slots that it shares with other programs if it can.

    Args:
        account: Whose slots.
        max_sessions: How many of them this process uses.
        is_shared: Whether to share them.
        longest_wait: As for `SessionPool`.
    """
    if is_shared:
        try:
            slots = HostSlots(slots_folder(account), max_sessions)
            sweep(f"*{_OF_LOOPBACK}*")
        except OSError as error:
            logger.warning(
                "The slots of requests cannot be shared with other programs of this host: %s. This "
                "process goes on as with session_pool: process; see that no other one reads the "
                "account meanwhile, or that their max_sessions add up to no more than 5.",
                error,
            )
        else:
            logger.info(
                "At most %d requests at once, together with the other programs of this user on "
                "this host (session_pool: host, in %s).",
                *(max_sessions, slots.folder),
            )
            return SessionPool(max_sessions, slots=slots, longest_wait=longest_wait)
    logger.info(
        "At most %d requests at once by this process (session_pool: process).", max_sessions
    )
    return SessionPool(max_sessions, longest_wait=longest_wait)


def slots_folder(account: Account) -> Path:
    """The folder of an account's slots; it may not be there yet.

    Simulators side by side on one host are different accounts.

    Raises:
        OSError: There is none that is known to be one user's alone.
    """
    if not account.on_loopback:
        return runtime_folder() / account.realm
    address = urlsplit(account.base_url)
    port = address.port or _PORTS[address.scheme]
    return runtime_folder() / f"{account.realm}{_OF_LOOPBACK}{port}"
