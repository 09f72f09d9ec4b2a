"""What all tests of the extraction share."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tap_netsuite_tba.extraction import settling


@pytest.fixture(autouse=True)
def _no_time_to_settle() -> Iterator[None]:
    with patch.object(settling, "SETTLING_SECONDS", 0.001):
        yield
