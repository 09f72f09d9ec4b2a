"""The account that a command asks: its settings, the way to it, and its errors as sentences."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from singer_sdk.configuration._dict_config import parse_environment_config

from tap_netsuite_tba.commands.options import ENVIRONMENT, PREFIX
from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.environment import check_environment
from tap_netsuite_tba.errors import ConfigurationError, TapNetSuiteError
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.given import read_object
from tap_netsuite_tba.settings import SETTINGS, Settings, read_settings

_INTERRUPTED = 130  # As a shell has it.


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


@contextmanager
def open_account(files: Sequence[str], *, demo: bool) -> Iterator[OpenAccount]:
    """Opens the account that the options of a command name, and closes it in the end.

    Raises:
        ConfigurationError: A setting is missing or cannot be used.
    """
    settings = read_settings(configuration(files, demo=demo))
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


def configuration(files: Sequence[str], *, demo: bool) -> Mapping[str, Any]:
    """The settings as they are written; those of the environment win, as for the tap.

    Raises:
        ConfigurationError: They cannot be read, or there are none.
    """
    given: dict[str, Any] = {}
    for file in files:
        if file != ENVIRONMENT:
            given |= _content(file)
    if ENVIRONMENT in files or not (files or demo):
        given |= _environment()
    if not (given or demo):
        raise ConfigurationError(
            f"There are no settings: give --config FILE, or set the variables {PREFIX}… in the "
            "environment or in a file .env here, or take --demo."
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
    is_set = any(f"{PREFIX}{name.upper()}" in os.environ for name in SETTINGS["properties"])
    try:
        return parse_environment_config(SETTINGS, PREFIX, os.devnull if is_set else ".env")
    except ValueError:
        check_environment(PREFIX)
        raise
