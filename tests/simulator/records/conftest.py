"""A company whose records are asked for."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.records.asking import RECORDS, Listed, asked, found


@pytest.fixture(scope="package")
def company() -> Iterator[Simulator]:
    """A company that no test changes."""
    with Simulator(transactions=300) as account:
        yield account


@pytest.fixture(scope="package")
def listed(company: Simulator) -> Listed:
    """What lists of one record answer, where the metadata catalog says that records are."""
    return {
        item["name"]: asked(company, link["href"].partition(f"{RECORDS}/")[2], limit=1)
        for item in found(company, "metadata-catalog")["items"]
        for link in item["links"]
        if link["rel"] == "describes"
    }
