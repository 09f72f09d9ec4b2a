"""The findings of a check as a person reads them, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from tap_netsuite_tba.check.findings import Finding, Status, exit_code
from tap_netsuite_tba.check.steps import STEPS
from tap_netsuite_tba.commands.screen import in_one_line
from tap_netsuite_tba.explanations import Cause

_MARKS: Mapping[Status, tuple[str, str, str]] = {
    Status.PASSED: ("✓", "+", "green"),
    Status.FAILED: ("✗", "x", "bold red"),
    Status.SKIPPED: ("\N{EN DASH}", "-", "dim"),
}
"""The mark of a step, what stands for it where it cannot be written, and its colour."""

_TITLES = {step.name: step.title for step in STEPS}
_TITLE_WIDTH = max(map(len, _TITLES.values()))


def show_finding(finding: Finding, console: Console) -> None:
    """Shows what came of a step, with causes and remedies under it."""
    mark = _mark(finding.status, console)
    head = Text.assemble(mark, f"  {_TITLES[finding.step]:{_TITLE_WIDTH}}  ")
    seen = Text(in_one_line(finding.seen), "dim" if finding.status is Status.SKIPPED else "")
    notes = [Text(in_one_line(note), "yellow") for note in finding.notes]
    lines = _under(head, [seen, *notes], console)
    margin, where = Text(" " * len(head)), ""
    for number, cause in enumerate(finding.causes, 1):
        label = f"{number}. " if len(finding.causes) > 1 else ""
        # Many permissions are given at one place, which is named once.
        words = _words(cause, "" if cause.where == where else cause.where)
        lines += _under(Text.assemble(margin, (label, "bold")), words, console)
        where = cause.where
    # All at once, or what moves on the screen would be drawn between the lines.
    console.print(Text("\n").join(lines), soft_wrap=True)


def show_summary(findings: Sequence[Finding], console: Console) -> None:
    """Shows how many steps went which way, and what failed."""
    numbers = Counter(finding.status for finding in findings)
    counted = ", ".join(f"{numbers[status]} {status}" for status in Status if numbers[status])
    failed = [_TITLES[f.step] for f in findings if f.status is Status.FAILED]
    if failed:
        line = f"{counted}. To mend: {', '.join(failed)}. Exit code {exit_code(findings)}."
    else:
        line = f"{counted}. The account can be read."
    styled = Text(line, "bold red" if failed else "bold green")
    console.print(Text("\n").join([Text(), *_under(Text(), [styled], console)]), soft_wrap=True)


def document_of(findings: Sequence[Finding]) -> Mapping[str, Any]:
    """The findings as JSON: the keys are a contract, and docs/check.md has them."""
    code = exit_code(findings)
    return {
        "status": Status.FAILED if code else Status.PASSED,
        "exit_code": code,
        "steps": [_step(finding) for finding in findings],
    }


def _step(finding: Finding) -> Mapping[str, Any]:
    return {
        "step": finding.step,
        "status": finding.status,
        "kind": finding.kind if finding.status is Status.FAILED else None,
        "seen": finding.seen,
        "notes": list(finding.notes),
        "causes": [_cause(cause) for cause in finding.causes],
        "facts": dict(finding.facts),
    }


def _cause(cause: Cause) -> Mapping[str, Any]:
    return {
        "key": cause.key,
        "cause": cause.cause,
        "remedy": cause.remedy,
        "where": cause.where or None,
        "audit": list(cause.audit),
        "answers": list(cause.answers),
    }


def _mark(status: Status, console: Console) -> Text:
    mark, plain, style = _MARKS[status]
    try:
        mark.encode(console.encoding)
    except UnicodeEncodeError:
        mark = plain
    return Text(mark, style)


def _words(cause: Cause, where: str) -> Iterator[Text]:
    """What a cause is, with NetSuite's words for it; what to do about it, and where."""
    words = cause.audit or cause.answers
    named = f" [{', '.join(words)}]" if words else ""
    yield Text.assemble(in_one_line(cause.cause), (named, "dim"))
    if cause.remedy or where:
        yield Text.assemble((in_one_line(cause.remedy), "cyan"), " ", (where, "bold cyan"))


def _under(lead: Text, texts: Iterable[Text], console: Console) -> list[Text]:
    """Texts folded to the screen behind a lead, under which all but the first line are indented."""
    folded = []
    for text in texts:
        for line in text.wrap(console, console.width - len(lead)):
            line.rstrip()
            folded.append(lead + line)
            lead = Text(" " * len(lead))
    return folded
