"""The pictures of docs/check.md, drawn anew: python -m tests.check.pictures docs/images."""

import io
import sys
from pathlib import Path

from rich.console import Console

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.steps import check
from tap_netsuite_tba.commands.findings_shown import show_finding, show_summary
from tap_netsuite_tba.simulator import Credentials, Role, Simulator
from tests.integration.roles import without
from tests.tap_process import configuration

COLUMNS = 100
MARGIN = 3
"""Columns to the right, for renderers that know no `textLength`."""

AS_NETSUITES = Credentials(
    consumer_key="a" * 64, consumer_secret="b" * 64, token_id="c" * 64, token_secret="d" * 64
)
FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px monospace }}
.{unique_id}-title {{ font: bold 18px sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""As rich frames a terminal, but without fonts from elsewhere."""

PICTURES: dict[str, tuple[Role | str, list[str]]] = {
    "check-good": ("integration", ["*"]),
    "check-bad": (
        without("Deleted Records", "Departments", "Vendors"),
        ["transaction*", "vendor", "department"],
    ),
}
"""By name: the role that is checked, and the tables that the settings ask for."""


def draw(name: str) -> str:
    """A check in a terminal, as SVG."""
    role, tables = PICTURES[name]
    console = Console(
        file=io.StringIO(),
        record=True,
        width=COLUMNS - MARGIN,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        markup=False,
        emoji=False,
    )
    with Simulator(
        transactions=20_000, role=role, credentials=AS_NETSUITES, latency=0.1
    ) as account:
        case = Case(lambda: configuration(account, tables=tables))
        findings = []
        for finding in check(case, lambda _: None):
            findings.append(finding)
            show_finding(finding, console)
        case.close()
    show_summary(findings, console)
    console.width = COLUMNS
    return console.export_svg(title="netsuite-tba check", code_format=FRAME, unique_id=name)


if __name__ == "__main__":
    for each in PICTURES:
        (Path(sys.argv[1]) / f"{each}.svg").write_text(draw(each), encoding="utf-8")
