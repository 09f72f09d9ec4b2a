"""Passing a login gate, with either outcome."""

from threading import Condition

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import LoginRefused, TemporaryTrouble
from tap_netsuite_tba.netsuite.login import LoginGate
from tests.netsuite.conftest import Time

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


def refuse_after(gate: LoginGate, time: Time, seconds: float, code: str = CODE) -> None:
    with gate.attempt():
        time.now += seconds
        raise LoginRefused(status=401, code=code, table="customer")


def succeed(gate: LoginGate) -> None:
    with gate.attempt():
        pass
