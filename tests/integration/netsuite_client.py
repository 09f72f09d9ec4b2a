"""A program that uses the public package ``netsuite`` as its documentation shows.

Each line that it reads is a call as JSON, ``["suiteql", {"q": ...}]``; for each it writes a line
with what the call returned or raised. Account and credentials come from the environment.
"""

import asyncio
import json
import sys
from typing import Any

from netsuite import Config, NetSuite  # type: ignore[import-untyped]  # as it is published
from netsuite.exceptions import NetsuiteAPIRequestError  # type: ignore[import-untyped]

LARGEST_PAGE = 1_000


async def every_row(api: Any, query: str) -> list[dict[str, str]]:  # noqa: ANN401  # untyped
    """Page through a result; the package has no call for it."""
    rows: list[dict[str, str]] = []
    while True:
        page = await api.suiteql(q=query, limit=LARGEST_PAGE, offset=len(rows))
        rows += page["items"]
        if not page["hasMore"]:
            return rows


async def answer(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make one call."""
    api = NetSuite(Config.from_env()).rest_api
    try:
        if name == "every_row":
            return {"returned": await every_row(api, **arguments)}
        return {"returned": await getattr(api, name)(**arguments)}
    except NetsuiteAPIRequestError as error:
        told = {"status": error.status_code, "text": error.response_text}
        return {"raised": type(error).__name__, **told}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(answer(*json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
