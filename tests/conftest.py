"""What tests share."""

from contextlib import ExitStack

AT_END = ExitStack()
"""What must outlive the collection of tests, and end with them."""


def pytest_unconfigure() -> None:
    AT_END.close()
