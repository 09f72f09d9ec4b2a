"""What a command does not need it does not import: it would keep its user waiting."""

import subprocess
import sys

import pytest

OF_THE_SIMULATOR = {"duckdb", "sqlglot"}
OF_COMMANDS = {"rich"}
OF_REQUESTS = {"oauthlib", "requests_oauthlib", "tap_netsuite_tba.connection"}
OF_OAUTH2 = {"jwt", "cryptography"}
OF_THE_TAP = {"singer_sdk", "requests", "jsonschema", "msgspec", "tap_netsuite_tba.settings"}
OF_DISCOVERY = {f"tap_netsuite_tba.discovery.{name}" for name in ("changes", "memory", "tables")}
SIMULATOR = {f"tap_netsuite_tba.simulator.{name}" for name in ("simulator", "server", "suiteql")}

_TELL = "import atexit, sys; atexit.register(lambda: print('MODULES', *sys.modules))"


def modules_after(code: str, *arguments: str) -> set[str]:
    """The names of what a process has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", f"{_TELL}\n{code}", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    found, *modules = done.stdout.splitlines()[-1].split()
    assert found == "MODULES"
    return set(modules)


def test_the_tap_tells_of_itself_without_what_only_a_run_needs() -> None:
    modules = modules_after("from tap_netsuite_tba.tap import main; main()", "--about")
    assert "tap_netsuite_tba.streams" in modules
    assert not modules & (OF_REQUESTS | OF_DISCOVERY | OF_COMMANDS | OF_THE_SIMULATOR | SIMULATOR)


def test_who_imports_the_tap_imports_no_simulator() -> None:
    modules = modules_after("import tap_netsuite_tba.tap")
    assert not modules & (OF_REQUESTS | OF_DISCOVERY | OF_COMMANDS | OF_THE_SIMULATOR | SIMULATOR)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["query", "--help"], ["tables", "--help"], ["simulator", "--switches"]],
    ids=" ".join,
)
def test_the_tools_tell_of_themselves_without_what_only_their_work_needs(
    arguments: list[str],
) -> None:
    modules = modules_after("from tap_netsuite_tba.cli import main; main()", *arguments)
    assert "tap_netsuite_tba.commands.tables" in modules
    assert not modules & (OF_THE_TAP | OF_COMMANDS | OF_OAUTH2 | OF_THE_SIMULATOR | SIMULATOR)


def test_the_way_to_an_account_needs_no_libraries_of_the_simulator_or_of_oauth_2() -> None:
    modules = modules_after("import tap_netsuite_tba.connection")
    assert not modules & (OF_COMMANDS | OF_OAUTH2 | OF_THE_SIMULATOR | SIMULATOR)
