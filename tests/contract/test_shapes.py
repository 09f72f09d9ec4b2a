import pytest

from tests.contract.shapes import ADDRESS, differences, parsed


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("true", True),
        ("5", 5),
        ("5", "<integer>"),
        ("5.5", "<number>"),
        ("false", "<boolean>"),
        ('{"a": [1]}', "<any>"),
        ('"Bad Request"', "Bad Request"),
        ('"12"', r"\d+"),
        (f'"{ADDRESS}/services"', "<address>/services"),
        ('"8/5/2025"', "<date>"),
        ('"0.5"', "<decimal>"),
        ("[]", []),
        ("[1, 2]", [1, "<integer>"]),
        ("[1, 1, 1]", [1, "..."]),
        ('{"a": 1}', {"a": 1, "b?": 2}),
        ('{"a": 1, "c": 3, "b": 2}', {"a": 1, "b?": 2, "<others>": 3}),
        ('{"links": [], "a": "1", "b": "2"}', {"links": [], "b": "2", "<others in order>": "1"}),
        ('{"b": 2, "c": 3, "a": 1}', {"a": 1, "b": 2, "<others in any order>": 3}),
        ('{"b": 2}', {"<one of>": [{"a": 1}, {"b": 2}]}),
    ],
)
def test_a_value_of_its_shape_has_no_differences(text: str, shape: object) -> None:
    assert list(differences(parsed(text), shape)) == []


@pytest.mark.parametrize(
    ("text", "shape", "difference"),
    [
        ("1", True, "body: 1 instead of True"),
        ('"5"', 5, "body: '5' instead of 5"),
        ('"5"', "<integer>", "body: '5' is no <integer>"),
        ("true", "<integer>", "body: True is no <integer>"),
        ("null", "<any>", "body: None is no <any>"),
        ("5", r"\d+", r"body: 5 instead of '\\d+'"),
        ('"Bad Requests"', "Bad Request", "body: 'Bad Requests' is not like 'Bad Request'"),
        ('"08/05/2025"', "<date>", "body: '08/05/2025' is not like '<date>'"),
        ('"1.50"', "<decimal>", "body: '1.50' is not like '<decimal>'"),
        ("[1]", [], "body has 1 elements instead of 0"),
        ("[]", [1, "..."], "body has 0 elements instead of 1"),
        ("[1, 2]", [1, "..."], "body[1]: 2 instead of 1"),
        ("[]", {}, "body: [] instead of {}"),
        ('{"a": 1}', {"a": 1, "b": 2}, "body.b is absent"),
        ('{"a": 1, "b": 2}', {"a": 1}, "body.b is one too many"),
        ('{"b": 2, "a": 1}', {"a": 1, "b": 2}, "body: b, a instead of a, b"),
        ('{"a": 1, "c": 4}', {"a": 1, "<others>": 3}, "body.c: 4 instead of 3"),
        (
            '{"links": 0, "b": 0, "a": 0}',
            {"links": 0, "<others in order>": 0},
            "body: links, b, a instead of links, a, b",
        ),
        ('{"b": 3}', {"<one of>": [{"a": 1, "c": 3}, {"b": 2}]}, "body.b: 3 instead of 2"),
    ],
)
def test_a_value_of_another_shape_differs(text: str, shape: object, difference: str) -> None:
    assert list(differences(parsed(text), shape)) == [difference]


def test_a_member_that_comes_twice_is_no_json_of_netsuite() -> None:
    with pytest.raises(ValueError, match="twice"):
        parsed('{"a": 1, "a": 2}')
