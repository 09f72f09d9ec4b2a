"""Recording exchanges with an account, real or simulated, and replaying them without network."""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn, TypeAlias
from unittest import mock

import vcr
import yaml

from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.simulator import Credentials as SimulatedCredentials
from tap_netsuite_tba.simulator import Fault, Simulator
from tests.cassettes.scrubbing import ACCOUNT_ID, Scrubber

CASSETTES = Path(__file__).parent

Cassette: TypeAlias = Any
"""vcrpy's, which has no types."""

_CREDENTIALS = {
    "consumer_key": "NETSUITE_CONSUMER_KEY",
    "consumer_secret": "NETSUITE_CONSUMER_SECRET",
    "token_id": "NETSUITE_TOKEN_ID",
    "token_secret": "NETSUITE_TOKEN_SECRET",
}
# Another id than the one that scrubbing puts in its place.
_SIMULATED = SimulatedCredentials(account_id="7654321_SB2")
_BORN = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Login:
    """Whom to ask, and as whom."""

    account: Account
    credentials: Credentials

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client that is closed in the end."""
        client = connect(
            self.account,
            self.credentials,
            sessions=SessionPool(1),
            retry_timeout=60,
            user_agent="tap-netsuite-tba/cassettes",
        )
        try:
            yield client
        finally:
            client.close()


NOBODY = Login(Account.parse(ACCOUNT_ID, "http://127.0.0.1:9"), Credentials(*["fake"] * 4))
"""Who replays: no server listens at this address."""


@dataclass(frozen=True)
class Scene:
    """A few exchanges, with what must be true of them whoever answers.

    Attributes:
        play: Exchanges and asserts; it must ask the same whenever it gets the same answers.
        fault: What the simulator deals first; no real account can be asked for that.
    """

    play: Callable[[Login, Cassette], None]
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """The behaviour that it shows, which names its cassette too."""
        return self.play.__name__


@dataclass(frozen=True)
class Source:
    """An account to record on."""

    login: Login
    simulator: Simulator | None = None

    def can_play(self, scene: Scene) -> bool:
        """Whether the account can be brought to answer so."""
        return scene.fault is None or self.simulator is not None


@contextmanager
def source(kind: str) -> Iterator[Source]:
    """The account to record on: `simulator`, or the `account` that the environment names.

    Raises:
        ValueError: It is neither, or a variable is missing.
        ConfigurationError: A variable holds no account id, credential or address.
    """
    if kind == "simulator":
        with Simulator(transactions=500, born=_BORN, credentials=_SIMULATED) as simulator:
            account_id, *credentials = astuple(_SIMULATED)
            account = Account.parse(account_id, simulator.base_url)
            yield Source(Login(account, Credentials(*credentials)), simulator)
    elif kind == "account":
        variables = ("NETSUITE_ACCOUNT_ID", *_CREDENTIALS.values())
        if missing := [name for name in variables if not os.environ.get(name)]:
            raise ValueError(f"To record on an account, set {', '.join(missing)} as well.")
        account = Account.parse(
            os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_BASE_URL")
        )
        yield Source(
            Login(
                account,
                Credentials(**{name: os.environ[v] for name, v in _CREDENTIALS.items()}),
            )
        )
    else:
        raise ValueError(f"NETSUITE_RECORD is {kind!r}; it is either simulator or account.")


def record(scene: Scene, source: Source, path: Path) -> None:
    """Record a scene; a cassette that is there is replaced only when all went well.

    Raises:
        AssertionError: The account answered otherwise than the scene says, or what was to be
            written still told whose it is.
    """
    if scene.fault and source.simulator:
        source.simulator.faults.add(scene.fault)
    scrubber = Scrubber(source.login.account.realm)
    unfinished = path.with_suffix(".unfinished")
    try:
        with _tape(unfinished, "all", scrubber) as cassette:
            scene.play(source.login, cassette)
        text = unfinished.read_text(encoding="utf-8")
        assert not any(secret in text for secret in astuple(source.login.credentials)), "a secret"
        assert not scrubber.names_the_account(text), "the account id"
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def replay(scene: Scene, path: Path) -> None:
    """Play a scene against its cassette, all of it and nothing else."""
    with _no_network(), _tape(path, "none", Scrubber(ACCOUNT_ID)) as cassette:
        scene.play(NOBODY, cassette)
        assert cassette.all_played


def _tape(path: Path, mode: str, scrubber: Scrubber) -> AbstractContextManager[Cassette]:
    tape = vcr.VCR(
        serializer="block",
        record_mode=mode,
        record_on_exception=False,
        match_on=["method", "path", "query", "body"],
        decode_compressed_response=True,
        before_record_request=scrubber.request,
        before_record_response=scrubber.response,
    )
    tape.register_serializer("block", SimpleNamespace(serialize=_dump, deserialize=yaml.safe_load))
    used: AbstractContextManager[Cassette] = tape.use_cassette(path)
    return used


@contextmanager
def _no_network() -> Iterator[None]:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("A replay opened a connection.")

    with (
        mock.patch.object(socket.socket, "connect", refuse),
        mock.patch.object(socket.socket, "connect_ex", refuse),
    ):
        yield


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _block)


def _dump(cassette: Mapping[str, Any]) -> str:
    return yaml.dump(cassette, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
