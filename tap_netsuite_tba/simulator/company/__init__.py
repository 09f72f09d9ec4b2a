"""The imitated account's rows: a manufacturer with a history, whose days go on.

``build`` makes the company as it was when the account was first started; ``live`` lets time pass.
``Changes`` are what a test, or churn, does to its rows.
"""

from tap_netsuite_tba.simulator.company.changes import (
    CHANGING_TABLES,
    DELETABLE_TABLES,
    Changes,
)
from tap_netsuite_tba.simulator.company.generate import Company, build, live

__all__ = ["CHANGING_TABLES", "DELETABLE_TABLES", "Changes", "Company", "build", "live"]
