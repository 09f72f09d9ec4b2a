"""``q`` is taken apart, or refused in one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.simulator.errors import Refusal
from tap_netsuite_tba.simulator.records.filters import Condition, Filter, Joined, parsed


def condition(field: str, operator: str, *values: str, negated: bool = False) -> Condition:
    return Condition(field, operator, values, negated)


A, B, C = (condition(name, "EMPTY") for name in "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("email EMPTY", condition("email", "EMPTY")),
        ("email EMPTY_NOT", condition("email", "EMPTY", negated=True)),
        ("isInactive IS true", condition("isInactive", "IS", "true")),
        ('companyName IS_NOT "A B"', condition("companyName", "IS", "A B", negated=True)),
        ("creditLimit GREATER_OR_EQUAL -5.5", condition("creditLimit", "GREATER_OR_EQUAL", "-5.5")),
        ("id BETWEEN [1, 42]", condition("id", "BETWEEN", "1", "42")),
        ("id ANY_OF_NOT [1]", condition("id", "ANY_OF", "1", negated=True)),
        ('id ANY_OF ["1",2 , 3]', condition("id", "ANY_OF", "1", "2", "3")),
        ("name ENDWITH x", condition("name", "END_WITH", "x")),
        ("name END_WITH x", condition("name", "END_WITH", "x")),
        ("name ENDWITH_NOT x", condition("name", "END_WITH", "x", negated=True)),
        ('externalId IS "A|B"', condition("externalId", "IS", "A|B")),
        ('dateCreated ON_OR_AFTER "1/1/2019"', condition("dateCreated", "ON_OR_AFTER", "1/1/2019")),
        ('name IS ""', condition("name", "IS", "")),
    ],
)
def test_a_condition(text: str, expected: Condition) -> None:
    assert parsed(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a EMPTY AND b EMPTY AND c EMPTY", Joined("AND", (A, B, C))),
        ("a EMPTY OR b EMPTY AND c EMPTY", Joined("OR", (A, Joined("AND", (B, C))))),
        ("a EMPTY AND b EMPTY OR c EMPTY", Joined("OR", (Joined("AND", (A, B)), C))),
        ("(a EMPTY OR b EMPTY) AND c EMPTY", Joined("AND", (Joined("OR", (A, B)), C))),
        ("((a EMPTY))", A),
    ],
)
def test_and_binds_tighter_than_or(text: str, expected: Filter) -> None:
    assert parsed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "email", "email IS", "IS true", "email = 5", "email NOT 5", "email _NOT 5"),
        *("email IS 'Ann'", "email IS 'Ann Lee'", "name IS O'Hara", 'name IS "open', "name IS a b"),
        *("id BETWEEN 1 AND 2", "id BETWEEN [1]", "id BETWEEN [1, 2, 3]", "id ANY_OF 1"),
        *("id ANY_OF []", "id ANY_OF [1,]", "id ANY_OF [1", "id IS [1]", "email EMPTY true"),
        *("a EMPTY AND", "a EMPTY OR OR b EMPTY", "(a EMPTY", "a EMPTY)", "()", "a EMPTY b EMPTY"),
        *("isInactive is true", "a EMPTY and b EMPTY", "id IS_NOT_NOT 5", '"email" IS 5'),
        "(" * 5_000 + "a EMPTY" + ")" * 5_000,
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parsed(text)
    assert refused.value.status == 400
    assert refused.value.details == {
        "detail": "Invalid search query. Provide a valid search query.",
        "o:errorQueryParam": "q",
        "o:errorCode": "INVALID_PARAMETER",
    }


def written(wanted: Filter) -> str:
    """Return a filter as a client would write it."""
    if isinstance(wanted, Joined):
        return "(" + f" {wanted.word} ".join(map(written, wanted.parts)) + ")"
    operator = wanted.operator + "_NOT" * wanted.is_negated
    values = [f'"{value}"' for value in wanted.values]
    if wanted.operator in {"ANY_OF", "BETWEEN", "WITHIN"}:
        return f"{wanted.field} {operator} [{', '.join(values)}]"
    return " ".join([wanted.field, operator, *values])


FIELDS = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_.]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(exclude_characters='"'), max_size=6)
CONDITIONS = st.one_of(
    st.builds(condition, FIELDS, st.just("EMPTY"), negated=st.booleans()),
    st.builds(
        condition, FIELDS, st.sampled_from(["IS", "LESS", "ON"]), VALUES, negated=st.booleans()
    ),
    st.builds(
        condition, FIELDS, st.sampled_from(["BETWEEN", "ANY_OF"]), VALUES, VALUES,
        negated=st.booleans(),
    ),
)  # fmt: skip


JOINED = st.recursive(
    CONDITIONS,
    lambda inner: st.builds(
        Joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


@given(JOINED)
def test_any_filter_is_read_as_it_was_meant(wanted: Filter) -> None:
    assert parsed(written(wanted)) == wanted
