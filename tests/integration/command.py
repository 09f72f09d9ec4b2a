"""The command `tap-netsuite-tba` in this process, where a run costs no start-up."""

import contextlib
import io
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

from singer_sdk.singerlib import Catalog

from tap_netsuite_tba.catalog import table_from_entry
from tap_netsuite_tba.tables import Table
from tap_netsuite_tba.tap import main
from tests.tap_process import Message, signals_kept


@dataclass(frozen=True)
class Outcome:
    """What a run left behind.

    Attributes:
        output: What it wrote to stdout.
        code: Its exit code.
        log: What a person saw.
    """

    output: str
    code: int
    log: str

    @cached_property
    def catalog(self) -> dict[str, Any]:
        """The discovered catalog."""
        assert self.code == 0, self.log
        catalog: dict[str, Any] = json.loads(self.output)
        return catalog

    @cached_property
    def tables(self) -> dict[str, Table]:
        """What the catalog alone tells of the tables."""
        streams = Catalog.from_dict(self.catalog).streams
        return {entry.tap_stream_id: table_from_entry(entry, ()) for entry in streams}

    @property
    def messages(self) -> list[Message]:
        """The Singer messages."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def state(self) -> dict[str, Any]:
        """The last state."""
        state: dict[str, Any] = [m["value"] for m in self.messages if m["type"] == "STATE"][-1]
        return state

    def rows(self, stream: str) -> list[dict[str, Any]]:
        """The rows of a stream."""
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]


def run(folder: Path, config: Mapping[str, Any], *arguments: str, **files: object) -> Outcome:
    """Run the command.

    Args:
        folder: Where its files are written.
        config: The settings.
        arguments: More of the command line, such as `--discover`.
        files: What the options `catalog` and `state` are given.
    """
    line = ["tap-netsuite-tba", *arguments]
    for name, content in {"config": config, **files}.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(content))
        line += [f"--{name}", str(path)]
    output, log, code = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO(), 0
    root = logging.getLogger()
    handlers = [*root.handlers]  # the command adds its own
    root.addHandler(logging.StreamHandler(log))
    try:
        with (
            signals_kept(),
            contextlib.redirect_stdout(output),
            mock.patch.object(sys, "argv", line),
        ):
            main()
    except SystemExit as error:
        code = int(error.code or 0)
    finally:
        root.handlers[:] = handlers
    output.flush()
    return Outcome(output.buffer.getvalue().decode(), code, log.getvalue())


def discovered(folder: Path, config: Mapping[str, Any]) -> Outcome:
    """Discover."""
    return run(folder, config, "--discover")
