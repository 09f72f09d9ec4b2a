"""The options by which a command is told which account to ask."""

from collections.abc import Callable

import click

ENVIRONMENT = "ENV"
"""What stands for the environment among the files, as for the tap."""

PREFIX = "TAP_NETSUITE_TBA_"
"""How the settings begin that are variables of the environment."""

_OPTIONS = (
    click.option(
        "--config",
        "files",
        multiple=True,
        metavar="FILE",
        help="Settings of the tap, as JSON; may be repeated, and ENV is the environment. Without "
        f"it they are the variables {PREFIX}… there, or else in a file .env here.",
    ),
    click.option("--demo", is_flag=True, help="Ask the simulator's company; needs no settings."),
)


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take `files` and `demo`, which tell `open_account` what to open."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
