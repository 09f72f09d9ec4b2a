"""Every error that this tap raises on purpose.

    TapNetSuiteError
    ├── ConfigurationError       a setting, a catalog or a state that cannot be used
    ├── OutputFailed             the messages cannot be written
    ├── NetSuiteError            what NetSuite, or the way to it, answered; see netsuite/errors.py
    └── ExtractionError          NetSuite answered, and the answer cannot be trusted
        ├── OrderViolation       a page is not in the order, or the interval, that was asked for
        ├── CountMismatch        the rows read are not the rows that NetSuite counts
        ├── MostRefused          more than half of the records of a type refuse to be read
        ├── ValueMismatch        a value does not fit the type of its column
        └── Unreadable           there is no way to read a table exactly

Each message says what happened, where, and what to do about it.
"""


class TapNetSuiteError(Exception):
    """The root: catch it to catch all that this tap raises on purpose."""


class ConfigurationError(TapNetSuiteError):
    """A setting, a catalog or a state that cannot be used."""


class OutputFailed(TapNetSuiteError):
    """The messages cannot be written: their reader is gone, or the disk is full."""


class ExtractionError(TapNetSuiteError):
    """NetSuite answered, and the answer cannot be trusted."""

    def __init__(self, message: str, *, table: str) -> None:
        super().__init__(message)
        self.table = table


class OrderViolation(ExtractionError):
    """A page is not in the order, or the interval, that was asked for."""


class CountMismatch(ExtractionError):
    """The rows read are not the rows that NetSuite counts."""


class MostRefused(ExtractionError):
    """More than half of the records of a type refuse to be read, each by itself."""


class ValueMismatch(ExtractionError):
    """A value does not fit the type of its column."""


class Unreadable(ExtractionError):
    """There is no way to read a table exactly: too many rows or columns, and no key of integers."""
