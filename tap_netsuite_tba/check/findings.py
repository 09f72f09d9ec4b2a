"""What a step of a check found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tap_netsuite_tba.explanations import Cause


class Status(StrEnum):
    """How a step went."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not be told, or what it needs failed."""


class Kind(StrEnum):
    """What is at fault where a step failed."""

    SETTINGS = "settings"
    NETWORK = "network"
    CLOCK = "clock"
    LOGIN = "login"
    SERVICES = "services"
    PERMISSIONS = "permissions"
    OTHER = "other"


EXIT_CODES: Mapping[Kind, int] = {
    Kind.SETTINGS: 3,
    Kind.NETWORK: 4,
    Kind.CLOCK: 5,
    Kind.LOGIN: 6,
    Kind.SERVICES: 7,
    Kind.PERMISSIONS: 8,
    Kind.OTHER: 1,
}
"""How the process ends where the first step that failed is of a kind; 2 is click's, for usage."""


@dataclass(frozen=True)
class Finding:
    """What came of a step.

    Attributes:
        status: How it went.
        seen: What was seen, without a full stop.
        causes: Why it failed, or may have, the likeliest first.
        notes: What else is worth a sentence, though it fails nothing.
        facts: What was seen as JSON: numbers, and names of NetSuite's; no secret is in it.
        kind: What is at fault if it failed; None for what the step is about.
        step: The step's name.
    """

    status: Status
    seen: str
    causes: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    kind: Kind | None = None
    step: str = ""

    def led_by(self, *causes: Cause, note: str = "") -> "Finding":
        """The same with likelier causes before the others, and perhaps one sentence more."""
        others = tuple(each for each in self.causes if each not in causes)
        notes = (*self.notes, note) if note else self.notes
        return replace(self, causes=(*causes, *others), notes=notes)


def passed(seen: str, *notes: str, **facts: object) -> Finding:
    """All is as it must be."""
    return Finding(Status.PASSED, seen, notes=notes, facts=facts)


def failed(seen: str, *causes: Cause, **facts: object) -> Finding:
    """Something is not as it must be."""
    return Finding(Status.FAILED, seen, causes, facts=facts)


def skipped(seen: str, **facts: object) -> Finding:
    """It could not be told, or was not tried."""
    return Finding(Status.SKIPPED, seen, facts=facts)


def exit_code(findings: Iterable[Finding]) -> int:
    """How the process ends: 0, or by the kind of the first step that failed."""
    kinds = (f.kind or Kind.OTHER for f in findings if f.status is Status.FAILED)
    return next((EXIT_CODES[kind] for kind in kinds), 0)
