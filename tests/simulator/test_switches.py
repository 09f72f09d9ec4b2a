import pytest

from tap_netsuite_tba.simulator.switches import Switches, all_switches, choices


def test_the_first_choice_of_a_switch_is_its_default() -> None:
    for switch in all_switches():
        assert getattr(Switches(), switch.name) == choices(switch.name)[0]


def test_each_switch_says_what_is_asked_and_what_is_known() -> None:
    for switch in all_switches():
        assert {"question", "evidence"} == switch.metadata.keys()
        assert len(choices(switch.name)) > 1


def test_switches_are_set_by_texts() -> None:
    assert Switches.of(["numbers=oracle", "total=clamped"]) == Switches(
        numbers="oracle", total="clamped"
    )


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("numbers=roman", "switch numbers is one of plain, oracle, not 'roman'"),
        ("numbers", "switch numbers is one of plain, oracle, not ''"),
        ("colour=red", "there is no switch 'colour'; there are abandoned, "),
    ],
)
def test_a_wrong_switch_is_told_with_what_there_is(setting: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        Switches.of([setting])
