"""The command `netsuite-tba query`, run against a simulator."""

import csv
import io
import json
from pathlib import Path

from click.testing import CliRunner, Result

from tap_netsuite_tba.cli import main
from tap_netsuite_tba.simulator import Simulator
from tests.tap_process import configuration

LINES = "SELECT uniquekey, transaction, item, memo FROM transactionline"


class QueryCommand:
    """The command, with the settings that lead to an account."""

    def __init__(self, account: Simulator, folder: Path) -> None:
        self.account, self.folder = account, folder
        self.config = folder / "config.json"
        self.config.write_text(json.dumps(configuration(account)))

    def __call__(self, *arguments: str, given: str | bytes = "") -> Result:
        line = ["query", "--config", str(self.config), *arguments]
        return CliRunner().invoke(main, line, input=given)

    def csv(self, *arguments: str) -> list[list[str]]:
        """The lines of a result."""
        done = self(*arguments)
        assert done.exit_code == 0, done.stderr
        return list(csv.reader(io.StringIO(done.stdout)))

    def asked(self, *arguments: str) -> int:
        """How many requests a query takes."""
        before = self.account.counters.requests
        self.csv(*arguments)
        return self.account.counters.requests - before


def truth(account: Simulator, text: str) -> list[list[str]]:
    return [["" if v is None else str(v) for v in row] for row in account.sql(text)]
