"""A PostgreSQL server of a test's own, on loopback; PostgreSQL itself must be installed."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Postgres:
    """A running server with one database, whose user may do everything with any password."""

    port: int
    user: str = "loader"
    database: str = "postgres"

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query gives: numbers with all their digits, instants and dates as text."""
        answer = self.run(f"SELECT COALESCE(json_agg(r), '[]') FROM ({query}) AS r")  # noqa: S608 - a test's own
        rows: list[dict[str, Any]] = json.loads(answer, parse_float=Decimal)
        return rows

    def run(self, statement: str) -> str:
        """Run a statement, and return what psql prints."""
        at = f"host=127.0.0.1 port={self.port} user={self.user} dbname={self.database}"
        done = subprocess.run(
            [program("psql"), at, "-v", "ON_ERROR_STOP=1", "-qAtX", "-c", statement],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_postgres(time_zone: str) -> Iterator[Postgres]:
    """A server in a time zone; it and its data go when the block ends."""
    # Not in pytest's folder, which the server's user cannot enter.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        owner = owner_of(Path(folder))
        data = Path(folder) / "data"
        server = Postgres(free_port())
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": server.port,
            "unix_socket_directories": folder,
            "timezone": time_zone,
            "fsync": "off",
        }

        def call(name: str, *options: str) -> None:
            command = [program(name), "-D", str(data), *options]
            log = Path(folder) / "log"
            with log.open("a") as output:
                done = subprocess.run(
                    command, cwd=folder, user=owner, stdout=output, stderr=output, check=False
                )
            assert done.returncode == 0, log.read_text()

        call("initdb", "-U", server.user, "--auth=trust", "--encoding=UTF8", "--locale=C")
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        call("pg_ctl", "start", "-w", "-o", options)
        try:
            yield server
        finally:
            call("pg_ctl", "stop", "-w", "-m", "fast")


def program(name: str) -> str:
    """Where one of PostgreSQL's programs is; Debian keeps the server's off the PATH."""
    newest_first = sorted(DEBIAN.glob("*/bin"), key=lambda place: -float(place.parent.name))
    for places in (os.pathsep.join(map(str, newest_first)), None):
        if found := shutil.which(name, path=places):
            return found
    pytest.fail(f"PostgreSQL is missing: there is no {name}. On Debian: apt-get install postgresql")


def owner_of(folder: Path) -> int:
    """Whose the server is: it refuses to run as root, so there another user gets the folder."""
    if os.geteuid() != 0:
        return os.geteuid()
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_uid


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
