"""Settings in variables of the environment, and what is wrong with them."""

import os
from collections.abc import Mapping
from typing import Any

from singer_sdk.configuration._dict_config import parse_environment_config

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.settings import SETTINGS


def check_environment(prefix: str) -> None:
    """Looks for a variable that is not what its setting takes.

    Args:
        prefix: How the names of the variables begin.

    Raises:
        ConfigurationError: There is one.
    """
    for name, schema in SETTINGS["properties"].items():
        _check_variable(prefix, name, schema)


def _check_variable(prefix: str, name: str, schema: Mapping[str, Any]) -> None:
    try:
        parse_environment_config({"properties": {name: schema}}, prefix, os.devnull)
    except ValueError as error:
        raise ConfigurationError(
            f"{prefix}{name.upper()} in the environment cannot be read: {error}."
        ) from error
