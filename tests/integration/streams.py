"""One run of the tap, and the rows of its streams with all their digits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tap_netsuite_tba.simulator import Simulator
from tests.tap_process import configuration, run_for_lines

Row = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What a run left behind.

    Attributes:
        code: Its exit code.
        log: What a person saw.
        schemas: The SCHEMA messages, by stream.
        rows: The rows, by stream, in their order; of a stream without rows an empty list.
        state: The last state.
    """

    code: int
    log: str
    schemas: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


def run(account: Simulator, state: Mapping[str, Any] | None = None, **settings: object) -> Run:
    """Run the tap in this process, with no tables unless the settings name some."""
    config = configuration(account, **{"tables": [], **settings})
    lines, code, log = run_for_lines(config, state)
    found = Run(code, log)
    for line in lines:
        message = json.loads(line, parse_float=Decimal)
        match message["type"]:
            case "SCHEMA":
                found.schemas[message["stream"]] = message
                found.rows.setdefault(message["stream"], [])
            case "RECORD":
                found.rows[message["stream"]].append(message["record"])
            case "STATE":
                found.state.update(message["value"])
    return found
