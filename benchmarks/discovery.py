"""How long a discovery takes, cold and warm, against the time that its requests need at least.

Run it in the repository's folder: `python -m benchmarks.discovery`, or with `--size full`. The
account lives in this process and the tap in one of its own, so that neither waits for the other at
Python's lock; they share the machine's processors.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests
from requests_oauthlib import OAuth1

from benchmarks.command import print_goal
from tap_netsuite_tba.simulator import Credentials, Latency, Simulator
from tests.integration.shapes import add_custom_record

SESSIONS = 5
_SUITEQL = "/services/rest/query/v1/suiteql"
_METADATA = "metadata-catalog"
_HEAD = (
    "| | wall | CPU | queries | catalog | limit | times | floor | times | tables | columns |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
)
_TABLES = "SELECT COUNT(DISTINCT table_name) FROM duckdb_columns() WHERE NOT internal"


@dataclass(frozen=True)
class Size:
    """What is measured.

    Attributes:
        tables: How many tables the account has, its standard ones among them.
        fields: How many custom fields each table has that is added to them.
        latency: Seconds that the account takes for a request.
        metadata: Seconds that it takes for one to its metadata catalog.
    """

    tables: int
    fields: int
    latency: float
    metadata: float


SIZES: Mapping[str, Size] = {
    "tiny": Size(tables=64, fields=2, latency=0.005, metadata=0.01),
    "quick": Size(tables=80, fields=10, latency=0.05, metadata=0.5),
    "full": Size(tables=250, fields=10, latency=0.2, metadata=3.0),
}


@dataclass(frozen=True)
class Measured:
    """One discovery.

    Attributes:
        name: Which.
        seconds: Its wall time, without the start of Python.
        cpu: Seconds of processor time that the tap used.
        queries: How many SuiteQL requests the account had.
        metadata: How many requests its metadata catalog had.
        limit: Seconds that they take five at a time, by the account's latency alone.
        floor: Seconds that a client took for as many trivial queries, five at a time.
        tables: How many were found.
        columns: How many these have.
        fingerprint: Of the catalog.
    """

    name: str
    seconds: float
    cpu: float
    queries: int
    metadata: int
    limit: float
    floor: float
    tables: int
    columns: int
    fingerprint: str


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="quick")
    size = SIZES[parser.parse_args().size]
    latency = Latency(base=size.latency, metadata=size.metadata)
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(transactions=1_000, latency=latency) as account,
    ):
        for place in itertools.count():
            if account.sql(_TABLES) >= [(size.tables,)]:
                break
            add_custom_record(account, f"customrecord_{place}", size.fields, place=place)
        measured = [_measure(name, size, account, Path(folder)) for name in ("cold", "warm")]
        print(_table(size, measured))
        print(f"most requests in flight: {account.counters.peak_in_flight}")
        print(f"over the limit of {SESSIONS}: {account.counters.over_limit}\n")
    cold, warm = measured
    print_goal(f"never more than {SESSIONS} in flight", is_reached=account.counters.over_limit == 0)
    if cold.fingerprint != warm.fingerprint:
        sys.exit("The two catalogs differ.")


def _measure(name: str, size: Size, account: Simulator, folder: Path) -> Measured:
    before = _asked(account)
    found = _discover(account, folder)
    queries, metadata = (now - then for now, then in zip(_asked(account), before, strict=True))
    limit = (queries * size.latency + metadata * size.metadata) / SESSIONS
    floor = _floor(account, queries + metadata)
    return Measured(name, queries=queries, metadata=metadata, limit=limit, floor=floor, **found)


def _asked(account: Simulator) -> tuple[int, int]:
    """How many queries there were so far, and how many requests to the metadata catalog."""
    services = account.counters.services
    metadata = sum(times for path, times in services.items() if _METADATA in path)
    return services.get(_SUITEQL, 0), metadata


def _discover(account: Simulator, folder: Path) -> dict[str, Any]:
    """Run the tap; what it remembers lies in the folder."""
    config = folder / "config.json"
    settings = {**asdict(account.credentials), "base_url": account.base_url}
    config.write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.one_discovery", str(config)],
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr.decode())
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _floor(account: Simulator, times: int) -> float:
    """Seconds that so many trivial queries take, five at a time."""
    credentials, url = account.credentials, account.base_url + _SUITEQL
    began = time.perf_counter()
    with ThreadPoolExecutor(SESSIONS) as pool:
        shares = [len(range(place, times, SESSIONS)) for place in range(SESSIONS)]
        for done in [pool.submit(_ask, url, credentials, share) for share in shares]:
            done.result()
    return time.perf_counter() - began


def _ask(url: str, credentials: Credentials, times: int) -> None:
    with requests.Session() as session:
        session.headers["Prefer"] = "transient"
        session.auth = OAuth1(
            credentials.consumer_key,
            credentials.consumer_secret,
            credentials.token_id,
            credentials.token_secret,
            realm=credentials.account_id,
            signature_method="HMAC-SHA256",
        )
        for _ in range(times):
            session.post(url, json={"q": "SELECT 1 AS n FROM dual"}, timeout=60).raise_for_status()


def _table(size: Size, measured: list[Measured]) -> str:
    account = (
        f"{size.tables} tables, {size.latency} s a request, {size.metadata} s one to the catalog"
    )
    lines = [
        f"| {one.name} | {one.seconds:.2f} | {one.cpu:.2f} | {one.queries} | {one.metadata} "
        f"| {one.limit:.2f} | {one.seconds / one.limit:.2f} "
        f"| {one.floor:.2f} | {one.seconds / one.floor:.2f} | {one.tables} | {one.columns} |"
        for one in measured
    ]
    return "\n".join([account, "", *_HEAD, *lines])


if __name__ == "__main__":
    main()
