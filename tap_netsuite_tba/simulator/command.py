"""The command ``netsuite-tba simulator``: an account on a port, until Ctrl-C."""

import json
import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tap_netsuite_tba.simulator.command_options import Options, with_options
from tap_netsuite_tba.simulator.fault_rules import faults_of
from tap_netsuite_tba.simulator.latency import Latency
from tap_netsuite_tba.simulator.requirements import missing_requirements
from tap_netsuite_tba.simulator.switches import Switches

if TYPE_CHECKING:
    from tap_netsuite_tba.simulator.simulator import Simulator


@click.command(name="simulator")
@with_options
def simulator(**told: Any) -> None:  # noqa: ANN401  # the fields of Options
    """Serve an imitation NetSuite account on loopback until Ctrl-C."""
    options = Options(**told)
    problem = missing_requirements()
    if problem is not None:
        _fail(problem)
    try:
        account = _account(options)
    except ValueError as error:
        _fail(f"{error}.")
    with _until_ended(), ExitStack() as running:
        _start(account, options, running)
        configuration = _configuration(account, options.auth)
        if options.write_config is not None:
            _write(options.write_config, configuration)
        _show(configuration, options)
        _wait()


def _account(options: Options) -> "Simulator":
    """Set up the account that the options describe.

    Raises:
        ValueError: one of them cannot be.
    """
    # Only now: without the extra these imports fail.
    from tap_netsuite_tba.simulator.churn import Churn  # noqa: PLC0415
    from tap_netsuite_tba.simulator.logins import Credentials  # noqa: PLC0415
    from tap_netsuite_tba.simulator.simulator import Simulator  # noqa: PLC0415

    account = Simulator(
        options.rows,
        options.seed,
        alive=options.churn is None,
        churn=None if options.churn is None else Churn.of(options.churn),
        port=options.port,
        latency=Latency.of(options.latency),
        certfile=options.certfile,
        keyfile=options.keyfile,
        credentials=Credentials(options.account),
        role=options.role,
        time_zone=options.time_zone,
        date_format=options.date_format,
        concurrency_limit=options.concurrency_limit,
        switches=Switches.of(options.switch),
    )
    if options.others.visit is None:
        account.others = options.others.places
    account.faults.add(*(faults_of(options.faults) if options.faults else ()))
    return account


def _start(account: "Simulator", options: Options, running: ExitStack) -> None:
    """Let the account answer for as long as ``running`` is open; a large one takes its time."""
    click.echo(f"Writing a company of {options.rows:,} transactions ...", err=True)
    started = time.monotonic()
    try:
        running.enter_context(account)
        if options.others.visit is not None:
            account.governance.visit(options.others.places, *options.others.visit)
    except OSError as error:
        _fail(f"Port {options.port} cannot be used ({error.strerror}); choose another with --port.")
    except ValueError as error:
        _fail(f"{error}.")
    click.echo(f"It answers, after {time.monotonic() - started:.1f} seconds.\n", err=True)


def _configuration(account: "Simulator", auth: str) -> dict[str, str]:
    # Plain HTTP, which is there beside TLS: the tap would not trust the certificate.
    address = account.base_url.replace("https:", "http:")
    credentials = account.credentials
    common = {"base_url": address, "account_id": credentials.account_id}
    if auth == "oauth2":
        certificate = account.oauth2.certificate()
        return {
            **common,
            "auth_method": auth,
            "client_id": certificate.client_id,
            "certificate_id": certificate.certificate_id,
            "private_key": certificate.private_key.replace("\n", "\\n"),
        }
    return {
        **common,
        "consumer_key": credentials.consumer_key,
        "consumer_secret": credentials.consumer_secret,
        "token_id": credentials.token_id,
        "token_secret": credentials.token_secret,
    }


def _write(path: Path, configuration: dict[str, str]) -> None:
    """Write a file that is there at once and whole, and private as one with real secrets is."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.unlink(missing_ok=True)  # one that was left may be readable by others
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_text(json.dumps(configuration, indent=2) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        _fail(f"{path} cannot be written ({error.strerror}); choose another with --write-config.")


def _show(configuration: dict[str, str], options: Options) -> None:
    """Print how to connect, lines to copy, and how it ends."""
    for name, value in configuration.items():
        click.echo(f"{name:<16}{value}")
    click.echo("\nTry it:")
    if options.write_config is not None:
        click.echo(f"  tap-netsuite-tba --config {options.write_config} --test")
    else:
        assignments = " ".join(
            f"TAP_NETSUITE_TBA_{name.upper()}={shlex.quote(value)}"
            for name, value in configuration.items()
        )
        click.echo(f"  {assignments} tap-netsuite-tba --config=ENV --test")
    if options.certfile is not None:
        _show_tls(configuration["base_url"], options.certfile)
    click.echo("\nCtrl-C ends it.")


def _show_tls(base_url: str, certfile: Path) -> None:
    """Print how a client reaches and trusts it that knows nothing but NetSuite's hosts."""
    click.echo(f"\nTLS is spoken at {base_url.replace('http:', 'https:')}")
    click.echo("With these in a client's environment it takes this for NetSuite's own host:")
    click.echo(f"  HTTPS_PROXY={base_url} SSL_CERT_FILE={certfile} REQUESTS_CA_BUNDLE={certfile}")


@contextmanager
def _until_ended() -> Iterator[None]:
    """Leave the block in good order at the first Ctrl-C or SIGTERM, whatever it interrupts."""
    told = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        if not told.is_set():  # a second one would break the good order
            told.set()
            raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except BaseException:  # DuckDB makes another of a KeyboardInterrupt
        if not told.is_set():
            raise
        click.echo("Ended.")
    finally:
        for number, handler in before.items():
            # The process is about to exit, and no signal is to interrupt that either.
            signal.signal(number, signal.SIG_IGN if told.is_set() else handler)


def _wait() -> None:
    threading.Event().wait()


def _fail(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(2)
