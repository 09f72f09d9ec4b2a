"""The tap as its users run it, a process that writes Singer messages, and a target for them."""

import contextlib
import io
import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from singer_sdk.singerlib import Catalog

from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.simulator.oauth2_certificates import Certificate
from tap_netsuite_tba.tap import TapNetSuite
from tests.warm_tap import WarmTap

Message = dict[str, Any]
_MAIN = "from tap_netsuite_tba.tap import main; main()"
TAP = [sys.executable, "-c", _MAIN]


def configuration(account: Simulator, **settings: object) -> dict[str, Any]:
    """The settings that connect to a simulator."""
    credentials = account.credentials
    return {
        "account_id": credentials.account_id,
        "consumer_key": credentials.consumer_key,
        "consumer_secret": credentials.consumer_secret,
        "token_id": credentials.token_id,
        "token_secret": credentials.token_secret,
        "base_url": account.base_url,
        "tables": ["transaction"],
        # What a test kills must not keep the next one waiting.
        "session_pool": "process",
        **settings,
    }


def by_certificate(
    account: Simulator, certificate: Certificate | None = None, **settings: object
) -> dict[str, Any]:
    """The settings that connect to a simulator by OAuth 2.0, with a new certificate or a given."""
    certificate = certificate or account.oauth2.certificate()
    tokens = ("consumer_key", "consumer_secret", "token_id", "token_secret")
    others = {k: v for k, v in configuration(account).items() if k not in tokens}
    return {
        **others,
        "auth_method": "oauth2",
        "client_id": certificate.client_id,
        "certificate_id": certificate.certificate_id,
        "private_key": certificate.private_key,
        **settings,
    }


CONFIGURED: Mapping[str, Callable[..., dict[str, Any]]] = {
    "tba": configuration,
    "oauth2": by_certificate,
}
"""Either way to log in."""


@dataclass
class TapProcess:
    """One run of the tap; used as a context manager, it does not outlive its test.

    Attributes:
        prelude: Python that the process runs before the tap.
        is_warm: Whether it is forked, which saves half a second (see `warm_tap`).
    """

    folder: Path
    config: Mapping[str, Any]
    arguments: tuple[str, ...] = ()
    state: Mapping[str, Any] | None = None
    catalog: Mapping[str, Any] | None = None
    prelude: str = ""
    is_warm: bool = False

    def __enter__(self) -> Self:
        arguments = ["--config", self._file("config", self.config), *self.arguments]
        if self.state is not None:
            arguments += ["--state", self._file("state", self.state)]
        if self.catalog is not None:
            arguments += ["--catalog", self._file("catalog", self.catalog)]
        self.log_path = self.folder / "stderr"
        self.process = self._start(arguments)
        return self

    def _start(self, arguments: list[str]) -> subprocess.Popen[str] | WarmTap:
        if self.is_warm:
            return WarmTap(arguments, self.prelude, self.log_path)
        program = [sys.executable, "-c", f"{self.prelude}\n{_MAIN}"]
        with self.log_path.open("w") as log:
            return subprocess.Popen(
                [*program, *arguments], stdout=subprocess.PIPE, stderr=log, text=True
            )

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def lines(self) -> Iterator[str]:
        """What the tap writes, as it comes; whole lines only."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.endswith("\n"):
                yield line

    def messages(self) -> Iterator[Message]:
        """The Singer messages, as they come."""
        return map(json.loads, self.lines())

    @property
    def log(self) -> str:
        """What a person saw so far."""
        return self.log_path.read_text()

    def _file(self, name: str, content: Mapping[str, Any]) -> str:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)


@dataclass
class Target:
    """A target that commits what a STATE message covers, as Singer asks, and upserts by key.

    Attributes:
        tables: The committed rows of each stream, by key.
        emitted: How often each key of each stream came, committed or not.
        state: The last state.
    """

    tables: dict[str, dict[tuple[Any, ...], Message]] = field(default_factory=dict)
    emitted: dict[str, dict[tuple[Any, ...], int]] = field(default_factory=dict)
    state: dict[str, Any] | None = None
    pages_of_state: int = 0
    _keys: dict[str, list[str]] = field(default_factory=dict)
    _pending: list[Message] = field(default_factory=list)

    def take(self, message: Message) -> None:
        match message["type"]:
            case "SCHEMA":
                self._keys[message["stream"]] = message["key_properties"]
            case "RECORD":
                assert message["stream"] in self._keys, "a RECORD before its SCHEMA"
                counts = self.emitted.setdefault(message["stream"], {})
                key = self._key(message)
                counts[key] = counts.get(key, 0) + 1
                self._pending.append(message)
            case "STATE":
                for record in self._pending:
                    table = self.tables.setdefault(record["stream"], {})
                    table[self._key(record)] = record["record"]
                self._pending = []
                self.state = message["value"]

    def crash(self) -> None:
        """Forgets what no STATE has covered yet."""
        self._pending = []

    def _key(self, message: Message) -> tuple[Any, ...]:
        return tuple(message["record"][name] for name in self._keys[message["stream"]])


def run_command(
    folder: Path,
    config: Mapping[str, Any],
    *arguments: str,
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
) -> tuple[list[Message], int, str]:
    """One run of the command: its messages, its exit code, and what a person saw."""
    with TapProcess(folder, config, arguments, state, catalog, is_warm=True) as tap:
        messages = list(tap.messages())
        code = tap.process.wait(timeout=60)
        return messages, code, tap.log


def run_tap(
    config: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    tap: TapNetSuite | None = None,
) -> tuple[list[Message], int, str]:
    """The same in this process, where a run costs no start-up; `tap` if it has been made before."""
    lines, code, log = run_for_lines(config, state, catalog, tap)
    return [json.loads(line) for line in lines], code, log


def run_for_lines(
    config: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
    catalog: Mapping[str, Any] | None = None,
    tap: TapNetSuite | None = None,
) -> tuple[list[bytes], int, str]:
    """The same, the messages as they are written."""
    output, log = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    code: int | str | None = 0
    try:
        with signals_kept(), contextlib.redirect_stdout(output):
            tap = tap or TapNetSuite(
                config=dict(config),
                state=dict(state or {}),
                catalog=Catalog.from_dict(dict(catalog)) if catalog else None,
            )
            tap.sync()
    except SystemExit as error:
        code = error.code
    except TapNetSuiteError as error:
        code = 1
        log.write(str(error))
    finally:
        logging.getLogger().removeHandler(handler)
    assert isinstance(code, int)
    return output.buffer.getvalue().splitlines(), code, log.getvalue()


def discover(config: Mapping[str, Any]) -> dict[str, Any]:
    """The catalog, discovered in this process."""
    with signals_kept():
        return dict(TapNetSuite(config=dict(config)).catalog_dict)


@contextlib.contextmanager
def signals_kept() -> Iterator[None]:
    """A tap takes the signals that end a process; afterwards they do so again."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, action in handlers.items():
            signal.signal(number, action)
