"""What ``q`` finds, beside the same question to the stored rows."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.simulator import Simulator
from tests.simulator.metadata.catalog import error
from tests.simulator.records.asking import asked, ids

VENDORS = """
    CREATE TABLE vendor (
        id BIGINT, companyname VARCHAR, isperson VARCHAR, creditlimit DECIMAL(18, 2),
        datecreated TIMESTAMP, custentity_seen DATE, terms BIGINT, externalid VARCHAR,
        emailpreference VARCHAR, custentity_colours VARCHAR
    );
    INSERT INTO vendor VALUES
        (-3, NULL, 'F', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (1, 'Ann Lee', 'T', 0, '2026-03-10 07:59:59', '2026-03-09', 1, 'A|B', 'PDF', '1'),
        (2, 'Café "Noir"', 'F', 99.5, '2026-03-10 08:00:00', '2026-03-10', 2, NULL, 'HTML', '1, 2'),
        (3, 'lee & Söhne', 'F', 100, '2026-03-11 06:59:59', '2026-03-11', 2, '', 'PDF', '12'),
        (4, '50% off', 'T', 1000.01, '2026-03-11 07:00:00', '2026-03-12', NULL, 'x', NULL, '2, 3');
    CREATE TABLE customfield (
        id BIGINT, scriptid VARCHAR, name VARCHAR, description VARCHAR, fieldvaluetype VARCHAR,
        fieldtype VARCHAR, isstored VARCHAR, isinactive VARCHAR
    );
    INSERT INTO customfield VALUES
        (1, 'CUSTENTITY_COLOURS', 'Colours', NULL, 'Multiple Select', 'ENTITY', 'T', 'F');
"""


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    # Midnight in this zone is 07:00 UTC in March, after the clocks changed on the 8th.
    with Simulator(company=False, time_zone="America/Los_Angeles") as own:
        own.sql(VENDORS)
        yield own


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("id EQUAL 2", {2}),
        ("id EQUAL_NOT 2", {-3, 1, 3, 4}),
        ("id ANY_OF [1, -3, 77]", {-3, 1}),
        ("id ANY_OF_NOT [1, -3, 77]", {2, 3, 4}),
        ("id BETWEEN [2, 3]", {2, 3}),
        ("id BETWEEN_NOT [2, 3]", {-3, 1, 4}),
        ("creditLimit WITHIN [99.5, 100]", {2, 3}),
        ("creditLimit GREATER 100", {4}),
        ("creditLimit GREATER_NOT 100", {1, 2, 3}),
        ("creditLimit GREATER_OR_EQUAL 100.00", {3, 4}),
        ("creditLimit LESS 99.5", {1}),
        ("creditLimit LESS_OR_EQUAL 99.5", {1, 2}),
        ("terms EQUAL 2", {2, 3}),
        ("terms EMPTY", {-3, 4}),
        ("terms EMPTY_NOT", {1, 2, 3}),
        ("isPerson IS true", {1, 4}),
        ("isPerson IS_NOT true", {-3, 2, 3}),
        ("ISPERSON IS false", {-3, 2, 3}),
        ('companyName IS "ann lee"', {1}),
        ("companyName CONTAIN lee", {1, 3}),
        ("companyName CONTAIN_NOT lee", {2, 4}),
        ("companyName START_WITH Lee", {3}),
        ("companyName END_WITH lee", {1}),
        ("companyName ENDWITH_NOT lee", {2, 3, 4}),
        ("companyName CONTAIN %", {4}),
        ("companyName CONTAIN _", set()),
        ("companyName CONTAIN é", {2}),
        ('externalId IS "A|B"', {1}),
        ("externalId EMPTY", {-3, 2, 3}),
        ("emailPreference IS PDF", {1, 3}),
        ("emailPreference ANY_OF [HTML, NONE]", {2}),
        ("custentity_colours ANY_OF [1, 3]", {1, 2, 4}),
        ("custentity_colours ANY_OF_NOT [1, 3]", {3}),
        ('dateCreated ON_OR_AFTER "3/11/2026"', {4}),
        ('dateCreated AFTER "3/11/2026"', set()),
        ('dateCreated AFTER "03/10/26"', {1, 2, 3, 4}),
        ('dateCreated BEFORE "3/11/2026"', {1, 2, 3}),
        ('dateCreated ON_OR_BEFORE "3/11/2026"', {1, 2, 3, 4}),
        ('dateCreated ON "3/10/2026"', {1, 2, 3}),
        ('dateCreated ON_NOT "3/10/2026"', {4}),
        ('custentity_seen ON "3/10/2026"', {2}),
        ('custentity_seen AFTER "3/10/2026"', {3, 4}),
        ('custentity_seen ON_OR_BEFORE "3/10/2026"', {1, 2}),
        ("companyName CONTAIN lee AND isPerson IS true OR id EQUAL 4", {1, 4}),
        ("companyName CONTAIN lee AND (isPerson IS true OR id EQUAL 4)", {1}),
    ],
)
def test_what_a_filter_finds(account: Simulator, q: str, expected: set[int]) -> None:
    assert set(ids(account, "vendor", q=q)) == expected


@pytest.mark.parametrize(
    ("date_format", "day"),
    [("DD.MM.YYYY", "11.03.2026"), ("YYYY-MM-DD", "2026-3-11"), ("D-Mon-YYYY", "11-Mar-2026")],
)
def test_a_day_is_read_in_the_accounts_format_and_zone(date_format: str, day: str) -> None:
    with Simulator(company=False, time_zone="Europe/Berlin", date_format=date_format) as account:
        account.sql(VENDORS)
        # Midnight in Berlin was 23:00 UTC the day before.
        assert set(ids(account, "vendor", q=f'dateCreated ON "{day}"')) == {3, 4}


@pytest.mark.parametrize(
    "day", ["2026-03-11", "11.03.2026", "3/11/2026 10:00", "2026-03-11T00:00:00Z", "13/1/2026", ""]
)
def test_a_day_in_another_form_is_refused(account: Simulator, day: str) -> None:
    response = asked(account, "vendor", q=f'dateCreated AFTER "{day}"')
    assert response.status_code == 400
    assert error(response) == {
        "detail": "Invalid search query. Detailed unprocessed description follows. "
        f'Search error occurred: Parse of date/time "{day}" failed with date format "M/d/yy" '
        "in time zone America/Los_Angeles.",
        "o:errorQueryParam": "q",
        "o:errorCode": "INVALID_PARAMETER",
    }


def test_the_refusal_of_a_day_names_the_accounts_format() -> None:
    with Simulator(company=False, time_zone="Europe/Berlin", date_format="DD.MM.YYYY") as account:
        account.sql(VENDORS)
        detail = error(asked(account, "vendor", q='dateCreated AFTER "3/11/2026"'))["detail"]
        assert 'date format "dd.MM.yy" in time zone Europe/Berlin' in detail


@pytest.mark.parametrize("field", ["nosuch", "item.quantity", "links", "subsidiary"])
def test_a_field_that_the_type_does_not_have_is_refused(account: Simulator, field: str) -> None:
    response = asked(account, "vendor", q=f"id EQUAL 1 AND {field} EMPTY")
    assert response.status_code == 400
    assert error(response)["o:errorCode"] == "NONEXISTENT_FIELD"
    assert field in error(response)["detail"]


def test_a_field_that_is_not_filterable_is_refused(account: Simulator) -> None:
    response = asked(account, "vendor", q="balance GREATER 5")
    assert error(response)["o:errorCode"] == "NONEXISTENT_FIELD"


@pytest.mark.parametrize(
    "q",
    [
        *("isPerson IS T", "isPerson EQUAL true", "isPerson ANY_OF [true]", "id CONTAIN 5"),
        *("id IS 5", "id EQUAL five", "id EQUAL 1e5", "id EQUAL NaN", "companyName EQUAL x"),
        *("companyName ANY_OF [x]", "dateCreated IS 5", "dateCreated BETWEEN [1, 2]"),
        *("custentity_colours IS 1", "creditLimit ON 5", "companyName IS 'Ann Lee'", ""),
    ],
)
def test_an_operator_or_value_of_another_kind_is_refused(account: Simulator, q: str) -> None:
    response = asked(account, "vendor", q=q)
    assert response.status_code == 400
    assert error(response) == {
        "detail": "Invalid search query. Provide a valid search query.",
        "o:errorQueryParam": "q",
        "o:errorCode": "INVALID_PARAMETER",
    }


def test_a_filter_of_a_type_without_records_is_checked_too(account: Simulator) -> None:
    assert ids(account, "website", q="name START_WITH a") == []
    assert asked(account, "website", q="nosuch EMPTY").status_code == 400


FIELDS = st.sampled_from(
    ["id", "companyName", "isPerson", "creditLimit", "dateCreated", "custentity_colours", "nosuch"]
)
OPERATORS = st.sampled_from(
    ["EMPTY", "IS", "EQUAL", "ANY_OF", "BETWEEN", "CONTAIN", "ON", "AFTER", "LESS_OR_EQUAL"]
)
VALUES = st.one_of(
    st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=5),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.dates().map(lambda day: f"{day:%m/%d/%Y}"),
    st.sampled_from(["true", "false", "1/1/1", "12/31/9999", "99999999999999999999.9999999999"]),
)
FILTERS = st.builds(
    lambda field, operator, negated, values: (
        f"{field} {operator}{'_NOT' * negated} "
        + (f"[{', '.join(values)}]" if operator in {"ANY_OF", "BETWEEN"} else values[0])
    ),
    FIELDS,
    OPERATORS,
    st.booleans(),
    st.lists(VALUES.map(lambda value: f'"{value}"'), min_size=1, max_size=3),
)


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | FILTERS)
def test_any_filter_is_answered(account: Simulator, q: str) -> None:
    response = asked(account, "vendor", q=q)
    assert response.status_code in {200, 400}, response.text
    assert account.counters.crashes == 0
