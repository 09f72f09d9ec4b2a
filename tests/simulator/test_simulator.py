import math
import re
from typing import Any

import pytest

from tap_netsuite_tba.simulator import Simulator


def test_it_has_an_address_only_while_it_is_entered() -> None:
    account = Simulator(company=False)
    with pytest.raises(RuntimeError, match="an address only while it is entered"):
        _ = account.base_url
    with account:
        assert account.base_url.startswith("http://127.0.0.1:")
    with pytest.raises(RuntimeError, match="an address only while it is entered"):
        _ = account.base_url


def test_it_is_entered_once() -> None:
    with Simulator(company=False) as account:
        address = account.base_url
        with pytest.raises(RuntimeError, match="entered once; make another one"):
            account.__enter__()
        assert account.base_url == address
    with pytest.raises(RuntimeError, match="entered once; make another one"):
        account.__enter__()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"concurrency_limit": 0}, "concurrency_limit is 1 or more, not 0"),
        ({"too_many_wait": -1}, "too_many_wait is 0 to 86400 seconds, not -1"),
        ({"too_many_wait": math.nan}, "too_many_wait is 0 to 86400 seconds, not nan"),
        ({"port": -1}, "port is 0 to 65535, not -1"),
        ({"port": 65_536}, "port is 0 to 65535, not 65536"),
        ({"role": 5}, "a role is a name, a file or a Role, not 5"),
    ],
)
def test_what_cannot_be_is_one_sentence(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Simulator(company=False, **told)
