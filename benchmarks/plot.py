"""A picture of the five sessions over time, as SVG that is legible on light and on dark."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.account import Asked, Kind
from benchmarks.runs import Run
from benchmarks.sessions import lanes

COLOURS: Mapping[Kind, str] = {
    Kind.FIRST: "#3b82f6",
    Kind.PLAN: "#f59e0b",
    Kind.RANGE: "#14b8a6",
    Kind.COUNT: "#d946ef",
    Kind.OTHER: "#94a3b8",
}
"""Of the bars, legible on white and on black."""

_WIDTH, _LEFT, _RIGHT = 960, 28, 16
_LANE, _GAP = 16, 4
_TITLE, _AXIS, _LEGEND = 30, 34, 30
_TICKS = 12
_STYLE = """
    text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #59636e }
    .title { font-size: 14px; font-weight: 600 }
    .lane { fill: #818b98; opacity: .14 }
    .axis { stroke: #818b98; stroke-width: 1; opacity: .6 }
    @media (prefers-color-scheme: dark) { text { fill: #9198a1 } }
"""


def draw(path: Path, runs: Mapping[str, Run]) -> None:
    """Write a picture of some runs, one under another on the same scale.

    Args:
        path: The file; its folder is made.
        runs: By their titles. Time begins with the start of the process.
    """
    longest = max(run.wall for run in runs.values())
    height, drawn = _LEGEND, _legend([one.kind for run in runs.values() for one in run.asked])
    for title, run in runs.items():
        drawn += _panel(title, run, height, longest)
        height += _TITLE + 5 * (_LANE + _GAP) + _AXIS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}">\n<style>{_STYLE}</style>\n'
        + "\n".join(drawn)
        + "\n</svg>\n",
        encoding="utf-8",
    )


def _legend(asked: Sequence[Kind]) -> list[str]:
    drawn, left = [], _LEFT
    for kind in Kind:
        if kind in asked:
            drawn.append(
                f'<rect x="{left}" y="8" width="12" height="12" rx="2" fill="{COLOURS[kind]}"/>'
                f'<text x="{left + 17}" y="18">{kind}</text>'
            )
            left += 40 + 7 * len(kind)
    return drawn


def _panel(title: str, run: Run, top: float, longest: float) -> list[str]:
    """The five sessions of a run, and the axis under them."""
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    drawn = [f'<text class="title" x="{_LEFT}" y="{top + 20}">{escape(title)}</text>']
    top += _TITLE
    for number, lane in enumerate(lanes(run.asked), 1):
        drawn.append(
            f'<text x="{_LEFT - 8}" y="{top + 12.5}" text-anchor="end">{number}</text>'
            f'<rect class="lane" x="{_LEFT}" y="{top}" width="{run.wall * scale:.1f}"'
            f' height="{_LANE}"/>'
        )
        drawn += [_bar(one, run, top, scale) for one in lane]
        top += _LANE + _GAP
    return drawn + _axis(top, longest, scale)


def _bar(asked: Asked, run: Run, top: float, scale: float) -> str:
    left = _LEFT + (asked.began - run.began) * scale
    width = max(0.8, asked.seconds * scale - 0.6)  # a hair's breadth apart from the next
    return (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_LANE}"'
        f' fill="{COLOURS[asked.kind]}"/>'
    )


def _axis(top: float, longest: float, scale: float) -> list[str]:
    step = _step(longest)
    right = _LEFT + longest * scale
    drawn = [f'<path class="axis" d="M{_LEFT} {top + 1.5}H{right:.1f}"/>']
    for number in range(int(longest / step) + 1):
        left = _LEFT + number * step * scale
        label = f"{number * step:g}" if number else "0 s"
        drawn.append(
            f'<path class="axis" d="M{left:.1f} {top + 1.5}v4"/>'
            f'<text x="{left:.1f}" y="{top + 18}" text-anchor="middle">{label}</text>'
        )
    return drawn


def _step(longest: float) -> float:
    """A round number of seconds, of which the axis has at most a dozen."""
    least = longest / _TICKS
    unit: float = 10 ** math.floor(math.log10(least))
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= least)
