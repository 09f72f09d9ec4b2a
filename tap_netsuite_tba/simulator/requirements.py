"""What the simulator needs beyond the tap."""

from importlib.util import find_spec

_PACKAGES = ("duckdb", "sqlglot")


def missing_requirements() -> str | None:
    """Return one sentence that says what is missing and how to get it; None if nothing is."""
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if not missing:
        return None
    return (
        f"The simulator needs {' and '.join(missing)}; install the extra: "
        "pip install 'tap-netsuite-tba[simulator]'."
    )
