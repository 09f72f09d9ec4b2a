"""The command ``netsuite-tba simulator``: an account on a port, until Ctrl-C."""

import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tap_netsuite_tba.simulator.requirements import missing_requirements

if TYPE_CHECKING:
    from tap_netsuite_tba.simulator.logins import Credentials


@click.command(name="simulator")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option(
    "--rows",
    type=click.IntRange(1_000, 1_000_000),
    default=40_000,
    show_default=True,
    help="Transactions; there are some 3.6 times as many lines.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which company.")
@click.option(
    "--latency",
    type=click.FloatRange(0, 600),
    default=0.0,
    show_default=True,
    help="Seconds that each request takes at least.",
)
@click.option(
    "--account", "account_id", default="1234567_SB1", show_default=True, help="Account id."
)
@click.option(
    "--time-zone", default="America/Los_Angeles", show_default=True, help="Of the session."
)
@click.option("--date-format", default="M/D/YYYY", show_default=True, help="Of bare dates.")
@click.option(
    "--concurrency-limit",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="Requests at once; one more gets a 429.",
)
@click.option(
    "--write-config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a tap configuration that connects to it.",
)
def simulator(  # noqa: PLR0913, PLR0917  # one for each option
    port: int,
    rows: int,
    seed: int,
    latency: float,
    account_id: str,
    time_zone: str,
    date_format: str,
    concurrency_limit: int,
    write_config: Path | None,
) -> None:
    """Serve an imitation NetSuite account on loopback until Ctrl-C."""
    problem = missing_requirements()
    if problem is not None:
        _fail(problem)
    # Only now: without the extra these imports fail.
    from tap_netsuite_tba.simulator.logins import Credentials  # noqa: PLC0415
    from tap_netsuite_tba.simulator.simulator import Simulator  # noqa: PLC0415

    try:
        account = Simulator(
            rows,
            seed,
            alive=True,
            port=port,
            latency=latency,
            credentials=Credentials(account_id.strip().upper().replace("-", "_")),
            time_zone=time_zone,
            date_format=date_format,
            concurrency_limit=concurrency_limit,
        )
    except ValueError as error:
        _fail(f"{error}.")
    try:
        account.__enter__()
    except OSError as error:
        _fail(f"Port {port} cannot be used ({error.strerror}); choose another with --port.")
    try:
        configuration = _configuration(account.base_url, account.credentials)
        if write_config is not None:
            _write(write_config, configuration)
        _show(configuration, write_config)
        _wait_for_interrupt()
    finally:
        account.__exit__(None, None, None)


def _configuration(base_url: str, credentials: "Credentials") -> dict[str, str]:
    return {
        "base_url": base_url,
        "account_id": credentials.account_id,
        "consumer_key": credentials.consumer_key,
        "consumer_secret": credentials.consumer_secret,
        "token_id": credentials.token_id,
        "token_secret": credentials.token_secret,
    }


def _write(path: Path, configuration: dict[str, str]) -> None:
    try:
        path.write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        _fail(f"{path} cannot be written ({error.strerror}); choose another with --write-config.")


def _show(configuration: dict[str, str], written: Path | None) -> None:
    """Print how to connect, and a line to copy."""
    for name, value in configuration.items():
        click.echo(f"{name:<16}{value}")
    click.echo("\nTry it:")
    if written is not None:
        click.echo(f"  tap-netsuite-tba --config {written} --test")
    else:
        assignments = " ".join(
            f"TAP_NETSUITE_TBA_{name.upper()}={value}" for name, value in configuration.items()
        )
        click.echo(f"  {assignments} tap-netsuite-tba --config=ENV --test")
    click.echo("\nCtrl-C ends it.")
    sys.stdout.flush()


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Ended.")


def _fail(sentence: str) -> None:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(2)
