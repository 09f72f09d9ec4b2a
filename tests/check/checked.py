"""One check, as a test looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, Status, exit_code
from tap_netsuite_tba.check.steps import check


@dataclass(frozen=True)
class Checked:
    """What came of a check."""

    findings: tuple[Finding, ...]

    @cached_property
    def by_step(self) -> Mapping[str, Finding]:
        return {finding.step: finding for finding in self.findings}

    def __getitem__(self, step: str) -> Finding:
        return self.by_step[step]

    @property
    def failed(self) -> list[str]:
        return [f.step for f in self.findings if f.status is Status.FAILED]

    @property
    def skipped(self) -> list[str]:
        return [f.step for f in self.findings if f.status is Status.SKIPPED]

    @property
    def exit_code(self) -> int:
        return exit_code(self.findings)

    def causes(self, step: str) -> list[str]:
        return [cause.key for cause in self[step].causes]


def checked(config: Mapping[str, Any]) -> Checked:
    """Check with these settings."""
    case = Case(lambda: config)
    try:
        return Checked(tuple(check(case, lambda _: None)))
    finally:
        case.close()
