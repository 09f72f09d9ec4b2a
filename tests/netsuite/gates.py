"""Passing a login gate, with either outcome."""

from threading import Condition

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import LoginRefused, TemporaryTrouble
from tap_netsuite_tba.netsuite.login import LoginGate

REFUSED = (LoginRefused, TemporaryTrouble)
"""What becomes of a 401: the latter where the login had been good."""

CODE = "INVALID_LOGIN"
"""NetSuite's word; without one, it is a gateway that refuses."""


def gate_of(changed: Condition | None = None) -> LoginGate:
    return LoginGate(Allowance(5), changed=changed)


def refused() -> None:
    raise LoginRefused(code=CODE)


def refuse(gate: LoginGate) -> None:
    with pytest.raises(REFUSED), gate.attempt():
        raise LoginRefused(code=CODE)


def succeed(gate: LoginGate) -> None:
    with gate.attempt():
        pass
