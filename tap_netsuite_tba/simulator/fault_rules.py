"""Faults as a person writes them: a line of rates, or a file of rules."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tap_netsuite_tba.simulator.faults import Fault, FaultKind

_TYPES: Mapping[str, tuple[type, ...]] = {
    "kind": (str,),
    "request": (int,),
    "table": (str,),
    "text": (str,),
    "path": (str,),
    "skip": (int,),
    "times": (int, type(None)),
    "rate": (int, float),
    "seconds": (int, float),
    "retry_after": (int,),
}
# How long it lasts in life, where a rule does not say.
_USUAL_SECONDS = {
    FaultKind.CLOCK: 3600,
    FaultKind.SLOW: 30,
    FaultKind.STALL: 120,
    FaultKind.TOO_MANY_REQUESTS_AS_401: 60,
}


def faults_of(text: str) -> list[Fault]:
    """Read the faults of ``429=0.02,stall=0.001`` (kinds and rates) or of a file of rules.

    Args:
        text: rates, or the path of a file with a JSON list of objects whose keys are the
            attributes of ``Fault``.

    Raises:
        ValueError: neither; the message says what is wrong.
    """
    if "=" in text and not Path(text).is_file():
        return [_fault(_rated(part)) for part in text.split(",")]
    try:
        rules = json.loads(Path(text).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(
            f"faults are KIND=RATE,... or a file; {text!r} cannot be read ({error.strerror})"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the faults in {text} are no JSON") from error
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ValueError(f"the faults in {text} are no list of objects")
    return [_fault(rule) for rule in rules]


def _rated(part: str) -> dict[str, Any]:
    kind, _, rate = part.partition("=")
    try:
        return {"kind": kind.strip(), "rate": float(rate)}
    except ValueError as error:
        raise ValueError(f"the rate of a fault is 0 to 1, not {rate!r}") from error


def _fault(rule: Mapping[str, Any]) -> Fault:
    """Return the fault that ``rule`` describes."""
    for name, told in rule.items():
        if name not in _TYPES:
            raise ValueError(f"a fault has no {name!r}; it has {', '.join(_TYPES)}")
        if not isinstance(told, _TYPES[name]) or isinstance(told, bool):
            sentence = f"{name} of a fault cannot be {json.dumps(told)}"
            raise ValueError(sentence)  # noqa: TRY004  # what a person wrote, not a program
    try:
        kind = FaultKind(rule.get("kind", ""))
    except ValueError as error:
        raise ValueError(
            f"there is no fault {rule.get('kind', '')!r}; there are {', '.join(FaultKind)}"
        ) from error
    return Fault(**{"seconds": _USUAL_SECONDS.get(kind, 0), **rule, "kind": kind})
