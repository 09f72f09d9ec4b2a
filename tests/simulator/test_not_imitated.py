"""What NetSuite has and the simulator has not says so."""

import pytest

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.metadata.catalog import error, get


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/services/rest/query/v1/dataset", "datasets"),
        ("/services/rest/query/v1/dataset/custdataset7/result", "datasets"),
        ("/services/rest/async/v1/job", "asynchronous jobs"),
        ("/services/rest/async/v1/job/5/task/1/result", "asynchronous jobs"),
        ("/app/site/hosting/restlet.nl?script=1&deploy=1", "RESTlets"),
    ],
)
def test_other_services_are_not_imitated_either(shared: Simulator, path: str, name: str) -> None:
    assert get(shared, path, signed=False).status_code == 401
    response = get(shared, path)
    assert response.status_code == 501
    assert error(response)["detail"].endswith(f"the simulator does not imitate the {name} yet.")
    assert error(response)["o:errorUrl"] == path.partition("?")[0]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/services/rest/auth/oauth2/v1/revoke", "OAuth 2.0 services"),
        ("/services/NetSuitePort_2023_1", "SOAP web services"),
    ],
)
def test_a_service_with_a_login_of_its_own_says_so_to_anybody(
    shared: Simulator, path: str, name: str
) -> None:
    response = get(shared, path, method="POST", signed=False)
    assert response.status_code == 501
    assert error(response)["detail"].endswith(f"the simulator does not imitate the {name} yet.")


@pytest.mark.parametrize("path", ["/services/NetSuitePort", "/services/rest/query/v1/datasets"])
def test_an_address_that_is_only_like_theirs_does_not_exist(shared: Simulator, path: str) -> None:
    assert get(shared, path).status_code == 404
