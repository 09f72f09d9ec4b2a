"""Many expressions in one query, which is quick."""

from collections.abc import Iterable

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.client import rows


def answers(
    account: Simulator, expressions: Iterable[str], source: str = "dual"
) -> dict[str, str | None]:
    """Return what each expression is printed as, all asked in one query; None of a null."""
    texts = list(expressions)
    items = ", ".join(f"{text} AS c{index}" for index, text in enumerate(texts))
    [row] = rows(account, f"SELECT {items} FROM {source}")  # noqa: S608  # a test's own
    return {text: row.get(f"c{index}") for index, text in enumerate(texts)}


def moment(text: str) -> str:
    """Return SuiteQL for a clock: ``2026-03-02``, with a time or without."""
    return f"TO_DATE('{text}', 'YYYY-MM-DD HH24:MI:SS')"
