"""What the command ``netsuite-tba simulator`` can be told."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tap_netsuite_tba.simulator.faults import FaultKind
from tap_netsuite_tba.simulator.logins import CLIENT_ID, Credentials
from tap_netsuite_tba.simulator.switches import all_switches, choices

_FILE = click.Path(dir_okay=False, path_type=Path)
_OTHERS = re.compile(
    r"(?P<places>[0-9]{1,3})(@(?P<since>[0-9]{1,6}(\.[0-9]+)?)-(?P<until>[0-9]{1,6}(\.[0-9]+)?))?",
    re.ASCII,
)
_ACCOUNT_ID = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Others:
    """What other integrations take.

    Attributes:
        places: of the concurrency limit.
        visit: from when until when, in seconds since the account answers; None for always.
    """

    places: int
    visit: tuple[float, float] | None = None


@dataclass(frozen=True)
class Options:
    """The options of one call, by their names.

    Attributes:
        account: the account id, as NetSuite writes it in a realm.
        auth: how the configuration that is shown logs in.
        switch: texts such as ``numbers=oracle``.
    """

    account: str
    auth: str
    rows: int
    seed: int
    role: str
    time_zone: str
    date_format: str
    port: int
    certfile: Path | None
    keyfile: Path | None
    latency: str
    concurrency_limit: int
    others: Others
    switch: tuple[str, ...]
    faults: str | None
    churn: str | None
    write_config: Path | None


def _account_id(_context: click.Context, _parameter: click.Parameter, written: str) -> str:
    """Return the account id in the form of a realm, whichever form was written."""
    account_id = written.strip().upper().replace("-", "_")
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise click.BadParameter(f"{written!r} is no account id such as 1234567 or 1234567_SB1.")
    return account_id


def _others(_context: click.Context, _parameter: click.Parameter, written: str) -> Others:
    """Read ``3``, or ``3@10-70``: from the tenth second on for a minute."""
    match = _OTHERS.fullmatch(written)
    if match is None:
        raise click.BadParameter(f"{written!r} is neither 3 nor, from second 10 to 70, 3@10-70.")
    visit = match["since"] and (float(match["since"]), float(match["until"]))
    return Others(int(match["places"]), visit or None)


def _writable(
    _context: click.Context, _parameter: click.Parameter, path: Path | None
) -> Path | None:
    """Refuse a path that cannot be written to now, not when a large company has been written."""
    if path is None:
        return None
    if not path.name:
        raise click.BadParameter("it wants the name of a file.")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(path.parent)!r}.")
    if path.exists() and not _is_fake_configuration(path):
        raise click.BadParameter(
            f"{str(path)!r} is there and is no configuration of the simulator's; "
            "choose another name or move it away."
        )
    return path


def _is_fake_configuration(path: Path) -> bool:
    """Tell whether a file holds the simulator's credentials, and not somebody's real ones."""
    try:
        held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(held, dict) and (
        held.get("consumer_key") == Credentials().consumer_key or held.get("client_id") == CLIENT_ID
    )


def _list_switches(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's signature
    """Print the switches, their choices (the first is the default) and what is known."""
    if not asked or context.resilient_parsing:
        return
    for switch in all_switches():
        click.echo(f"{switch.name}={'|'.join(choices(switch.name))}")
        click.echo(f"    {switch.metadata['question']}\n    ({switch.metadata['evidence']})")
    context.exit()


_WHAT_IT_IS = (
    click.option(
        "--account",
        metavar="ID",
        default="1234567_SB1",
        show_default=True,
        callback=_account_id,
        help="Account id.",
    ),
    click.option(
        "--auth",
        type=click.Choice(["tba", "oauth2"]),
        default="tba",
        show_default=True,
        help="Way to log in that is shown: by tokens, or by a certificate made for it.",
    ),
    click.option(
        "--rows",
        type=click.IntRange(1_000, 1_000_000),
        metavar="N",
        default=40_000,
        show_default=True,
        help="Transactions of its company; they have some three lines each.",
    ),
    click.option(
        "--seed",
        type=int,
        metavar="N",
        default=1,
        show_default=True,
        help="Which company of that size.",
    ),
    click.option(
        "--role",
        metavar="NAME|FILE",
        default="administrator",
        show_default=True,
        help="What the token may see: administrator, integration, crippled, or a role file.",
    ),
    click.option(
        "--time-zone",
        metavar="ZONE",
        default="America/Los_Angeles",
        show_default=True,
        help="Time zone of the token's user.",
    ),
    click.option(
        "--date-format",
        metavar="FORMAT",
        default="M/D/YYYY",
        show_default=True,
        help="How that user is shown dates.",
    ),
)
_HOW_IT_ANSWERS = (
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        metavar="N",
        default=0,
        show_default=True,
        help="Port on 127.0.0.1; 0 takes a free one.",
    ),
    click.option(
        "--certfile", type=_FILE, help="Certificate (PEM), to speak TLS beside plain HTTP."
    ),
    click.option("--keyfile", type=_FILE, help="Its private key (PEM), without a password."),
    click.option(
        "--latency",
        metavar="SECONDS|PARTS",
        default="0",
        show_default=True,
        help="Seconds that a request takes at least: 0.2, or parts, base=0.2,returned=0.001. The "
        "parts: base (any request), returned, matched, offset (more for each row returned, "
        "matched, skipped), metadata (of the catalog, in place of base).",
    ),
    click.option(
        "--concurrency-limit",
        type=click.IntRange(1, 100),
        metavar="N",
        default=5,
        show_default=True,
        help="Requests that it works on at once; one more gets a 429.",
    ),
    click.option(
        "--others",
        metavar="N|N@FROM-TO",
        default="0",
        show_default=True,
        callback=_others,
        help="Places of that limit that other integrations take: always, or 3@10-70, from the "
        "tenth second on for a minute.",
    ),
    click.option(
        "--switch",
        metavar="NAME=CHOICE",
        multiple=True,
        help="Its answer to an open question about NetSuite (see --switches); may be repeated.",
    ),
)
_WHAT_GOES_WRONG = (
    click.option(
        "--faults",
        metavar="RATES|FILE",
        help="What goes wrong: kinds and rates, 429=0.02,stall=0.001, or a JSON file of rules. "
        f"The kinds: {', '.join(FaultKind)}.",
    ),
    click.option(
        "--churn",
        metavar="on|RATES",
        help="What changes while it runs, in place of a usual day's orders: on, or events per "
        "minute, edits=60,mass=0.1. The kinds: edits, records, inserts, late, mass, deletes, "
        "untraced, lines, quiet.",
    ),
)
_OUTPUT = (
    click.option(
        "--write-config",
        type=_FILE,
        callback=_writable,
        help="Write a tap configuration that connects to it, as soon as it answers; over an older "
        "one of its own, over no other file.",
    ),
    click.option(
        "--switches",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_list_switches,
        help="List the open questions, with choices and evidence, and end.",
    ),
)


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let ``command`` take the fields of ``Options`` as keyword arguments."""
    decorators: tuple[Callable[[Any], Any], ...] = (
        *_WHAT_IT_IS,
        *_HOW_IT_ANSWERS,
        *_WHAT_GOES_WRONG,
        *_OUTPUT,
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command
