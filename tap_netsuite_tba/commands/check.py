"""The command `netsuite-tba check`, as it is called."""

from collections.abc import Sequence

import click

from tap_netsuite_tba.commands.options import with_settings


@click.command()
@with_settings
@click.option(
    "--json/--text",
    "as_json",
    default=False,
    help="Write one JSON document, or for people (the default).",
)
def check(files: Sequence[str], *, demo: bool, as_json: bool) -> None:
    """Try the connection step by step, and say what to do where it fails.

    From the settings to the speed: the host, the clock, the login, REST Web Services, SuiteQL, and
    each permission that the tap's role needs. A login that NetSuite refuses is tried once only.

    The exit code is 0 if no step failed, else it tells what failed first: 3 settings, 4 network,
    5 clock, 6 login, 7 services, 8 permissions, 1 anything else.
    """
    # Only now: who asks for --help need not wait for what reads an account.
    from tap_netsuite_tba.commands.inspection import show_check  # noqa: PLC0415

    show_check(files, demo=demo, as_json=as_json)
