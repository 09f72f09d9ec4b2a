import pytest
import requests
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Latency, Simulator, command
from tap_netsuite_tba.simulator.exchange import Work
from tests.simulator.client import PATH, ask, signer
from tests.simulator.conftest import TABLES

CATALOG = "/services/rest/record/v1/metadata-catalog"
NONE = "SELECT id FROM transaction WHERE id < 0 ORDER BY id ASC"
ALL = "SELECT id FROM transaction ORDER BY id ASC"
ENOUGH_TO_SEE = 0.2  # seconds until a client gives up that would have to wait for minutes


@pytest.mark.parametrize(
    ("text", "latency"),
    [
        ("0", Latency()),
        ("0.1", Latency(0.1)),
        ("base=0.1,matched=0.00001", Latency(0.1, matched=0.00001)),
        ("returned=1, offset=2,metadata=3", Latency(returned=1, offset=2, metadata=3)),
    ],
)
def test_a_latency_is_a_number_or_named_numbers(text: str, latency: Latency) -> None:
    assert Latency.of(text) == latency


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", "latency base is a number, not 'soon'."),
        ("base=soon", "latency base is a number, not 'soon'."),
        ("rows=1", "latency has no part 'rows'; it has base, returned, matched, offset, metadata."),
        ("-1", "latency base is 0 to 900 seconds, not -1.0."),
        ("matched=nan", "latency matched is 0 to 900 seconds, not nan."),
    ],
)
def test_a_wrong_latency_is_one_sentence(text: str, sentence: str) -> None:
    result = CliRunner().invoke(command.simulator, ["--rows", "1000", "--latency", text])
    assert (result.exit_code, result.stderr) == (2, f"Error: {sentence}\n")


COUNT = st.integers(0, 10_000)


@given(COUNT, COUNT, COUNT)
def test_each_row_takes_its_time(returned: int, matched: int, offset: int) -> None:
    latency = Latency(base=1, returned=2, matched=3, offset=5)
    seconds = latency.seconds(PATH, Work(returned, matched, offset))
    assert seconds == 1 + 2 * returned + 3 * matched + 5 * offset


@pytest.mark.parametrize(
    ("latency", "query", "limit", "offset"),
    [
        (Latency(base=60), NONE, None, None),
        (Latency(returned=60), ALL, 1, None),
        (Latency(matched=60), ALL, 1, 2999),
        (Latency(offset=60), ALL, 1, 1),
    ],
)
def test_what_a_request_asks_for_delays_its_answer(
    latency: Latency, query: str, limit: int | None, offset: int | None
) -> None:
    with Simulator(company=False, latency=latency) as account:
        account.sql(TABLES)
        with pytest.raises(requests.ReadTimeout):
            ask(account, query, limit=limit, offset=offset, timeout=ENOUGH_TO_SEE)


@pytest.mark.parametrize(
    ("latency", "query"),
    [
        (Latency(returned=60), NONE),
        (Latency(matched=60), NONE),
        (Latency(offset=60), ALL),
        (Latency(metadata=60), ALL),
    ],
)
def test_what_a_request_does_not_ask_for_costs_nothing(latency: Latency, query: str) -> None:
    with Simulator(company=False, latency=latency) as account:
        account.sql(TABLES)
        assert ask(account, query).ok


@pytest.mark.parametrize(
    ("latency", "is_slow"),
    [(Latency(metadata=60), True), (Latency(60), True), (Latency(60, metadata=0), False)],
)
def test_the_metadata_catalog_has_a_latency_of_its_own(latency: Latency, is_slow: bool) -> None:  # noqa: FBT001  # a column of the table above
    with Simulator(company=False, latency=latency) as account, requests.Session() as session:
        url, auth = account.base_url + CATALOG, signer(account)
        if not is_slow:
            assert session.get(url, auth=auth, timeout=30).status_code < 500
            return
        with pytest.raises(requests.ReadTimeout):
            session.get(url, auth=auth, timeout=ENOUGH_TO_SEE)
