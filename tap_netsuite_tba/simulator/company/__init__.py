"""The imitated account's rows: a manufacturer with a history, whose days go on.

``build`` makes the company as it was when the account was first started; ``live`` lets time pass.
"""

from tap_netsuite_tba.simulator.company.generate import Company, build, live

__all__ = ["Company", "build", "live"]
