"""The limit: five threads that send queries known beforehand, and do nothing with the answers.

It reads one JSON object from stdin: `connection`, as `Account.connection` gives it, and `queries`.
It knows nothing of the tap; each thread has a connection of its own and signs by
requests-oauthlib.
"""

import json
import sys
import threading
from collections import deque
from collections.abc import Mapping

import requests
from requests_oauthlib import OAuth1

_SESSIONS = 5
_PATH = "/services/rest/query/v1/suiteql?limit=1000&offset=0"


def main() -> None:
    """Send them all; the exit code is 1 if one is not answered."""
    told = json.load(sys.stdin)
    left = deque(told["queries"])
    answered: list[int] = []
    threads = [
        threading.Thread(target=_ask, args=(told["connection"], left, answered))
        for _ in range(_SESSIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.exit(len(answered) != len(told["queries"]))


def _ask(connection: Mapping[str, str], left: deque[str], answered: list[int]) -> None:
    """Send what is left, one after another."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy
        session.auth = OAuth1(
            connection["consumer_key"],
            connection["consumer_secret"],
            connection["token_id"],
            connection["token_secret"],
            realm=connection["account_id"],
            signature_method="HMAC-SHA256",
        )
        session.headers.update({"Prefer": "transient", "Accept-Encoding": "gzip"})
        while True:
            try:
                query = left.popleft()
            except IndexError:
                return
            answer = session.post(connection["base_url"] + _PATH, json={"q": query}, timeout=300)
            answer.raise_for_status()
            answered.append(len(answer.content))


if __name__ == "__main__":
    main()
