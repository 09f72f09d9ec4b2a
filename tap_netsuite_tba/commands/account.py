"""The account that a command asks: its settings, the way to it, and its errors as sentences."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from singer_sdk.configuration._dict_config import parse_environment_config

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.errors import ConfigurationError, TapNetSuiteError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.given import read_object
from tap_netsuite_tba.settings import SETTINGS, Settings, read_settings

ENVIRONMENT = "ENV"
"""What stands for the environment among the files, as for the tap."""

_PREFIX = "TAP_NETSUITE_TBA_"
_INTERRUPTED = 130  # As a shell has it.

_OPTIONS = (
    click.option(
        "--config",
        "files",
        multiple=True,
        metavar="FILE",
        help="Settings of the tap, as JSON; may be repeated, and ENV is the environment. Without "
        f"it they are the variables {_PREFIX}… there, or else in a file .env here.",
    ),
    click.option("--demo", is_flag=True, help="Ask the simulator's company; needs no settings."),
)


@dataclass(frozen=True)
class OpenAccount:
    """An account that can be asked.

    Attributes:
        settings: What its user set.
        connection: The way to it.
        workers: Where several requests are sent at once.
    """

    settings: Settings
    connection: Connection
    workers: Workers


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take `files` and `demo`, which tell `open_account` what to open."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def open_account(files: Sequence[str], *, demo: bool) -> Iterator[OpenAccount]:
    """Opens the account that the options of a command name, and closes it in the end.

    Raises:
        ConfigurationError: A setting is missing or cannot be used.
    """
    settings = read_settings(_configuration(files, demo=demo))
    connection = Connection(settings)
    try:
        yield OpenAccount(settings, connection, Workers(settings.max_sessions))
    finally:
        connection.close()


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Ends the process with a sentence, and exit code 1, where an error ends what it does."""
    try:
        yield
    except TapNetSuiteError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        raise  # Whoever read the result has seen enough: click ends without a word.
    except OSError as error:
        click.echo(f"Error: The result cannot be written: {error.strerror}.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _configuration(files: Sequence[str], *, demo: bool) -> Mapping[str, Any]:
    """The settings as they are written; those of the environment win, as for the tap."""
    given: dict[str, Any] = {}
    for file in files:
        if file != ENVIRONMENT:
            given |= _content(file)
    if ENVIRONMENT in files or not (files or demo):
        given |= _environment()
    if not (given or demo):
        raise ConfigurationError(
            f"There are no settings: give --config FILE, or set the variables {_PREFIX}…, or take "
            f"--demo."
        )
    return given | ({"demo": True} if demo else {})


def _content(file: str) -> Mapping[str, Any]:
    try:
        with Path(file).open(encoding="utf-8") as opened:
            return read_object(opened, "configuration") or {}
    except OSError as error:
        raise ConfigurationError(f"The configuration cannot be read: {error}.") from error


def _environment() -> Mapping[str, Any]:
    # Where Meltano set the variables, it has read .env, or was told not to.
    is_set = any(name.startswith(_PREFIX) for name in os.environ)
    try:
        return parse_environment_config(SETTINGS, _PREFIX, os.devnull if is_set else ".env")
    except ValueError as error:
        raise ConfigurationError(
            f"A variable {_PREFIX}… of the environment cannot be read: {error}."
        ) from error
