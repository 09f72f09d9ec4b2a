"""The command `netsuite-tba`: what is not a Singer tap's to do."""

import click

from tap_netsuite_tba.commands.check import check
from tap_netsuite_tba.commands.query import query
from tap_netsuite_tba.commands.tables import tables
from tap_netsuite_tba.simulator.command import simulator


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tap-netsuite-tba")
def main() -> None:
    """Tools around tap-netsuite-tba."""


main.add_command(check)
main.add_command(query)
main.add_command(simulator)
main.add_command(tables)
