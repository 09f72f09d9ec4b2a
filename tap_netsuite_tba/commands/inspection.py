"""What `netsuite-tba check` does: it goes the steps, and shows what came of each."""

import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.findings import Finding, exit_code
from tap_netsuite_tba.check.steps import Step, check
from tap_netsuite_tba.commands.account import configuration, errors_as_sentences
from tap_netsuite_tba.commands.findings_shown import document_of, show_finding, show_summary
from tap_netsuite_tba.commands.screen import console_of, log_on
from tap_netsuite_tba.netsuite import clock, login


def show_check(files: Sequence[str], *, demo: bool, as_json: bool) -> None:
    """Checks an account, and ends the process with the exit code of what failed first.

    Args:
        files: Where the settings are.
        demo: Whether the simulator's company is checked.
        as_json: Whether the findings are shown as one JSON document.

    Raises:
        SystemExit: A step failed.
    """
    with errors_as_sentences():
        console = console_of(sys.stdout)
        case = Case(lambda: configuration(files, demo=demo))
        try:
            findings = _go(case, console, as_json=as_json)
        finally:
            case.close()
        if as_json:
            click.echo(json.dumps(document_of(findings), indent=2))
        else:
            show_summary(findings, console)
    if code := exit_code(findings):
        sys.exit(code)


def _go(case: Case, console: Console, *, as_json: bool) -> list[Finding]:
    """The findings, each shown as it comes; a person at a terminal sees what is under way."""
    # One console draws what moves and what stays, or they would overwrite each other.
    screen = console if console.is_terminal and not as_json else console_of(sys.stderr)
    findings: list[Finding] = []
    # What these two say is said by the steps of their names.
    with log_on(screen, without={clock.__name__, login.__name__}), screen.status("") as status:

        def tell(step: Step) -> None:
            status.update(step.title)

        for finding in check(case, tell):
            findings.append(finding)
            if not as_json:
                show_finding(finding, console)
    return findings
