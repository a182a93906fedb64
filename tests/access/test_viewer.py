"""Viewers: read from a file, chosen by name, never replaced."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from workbench.access.viewer import Viewer, choose_viewer, local_viewer, read_viewers
from workbench.errors import InputError, NotFound, UsageError
from workbench.model.marking import Level

FILE = """
[anna]
agencies = ["NKP"]
level = "CONFIDENTIAL"
compartments = ["ALPHA"]
loads = ["NKP"]
purposes = ["investigation", "privilege-review"]

[joint]
agencies = ["NKP", "TRC"]
level = "SECRET"
"""


@pytest.fixture
def viewers(tmp_path: Path) -> Mapping[str, Viewer]:
    path = tmp_path / "viewers.toml"
    path.write_text(FILE, "utf-8")
    return read_viewers(path).viewers


def test_a_file_of_viewers(viewers: Mapping[str, Viewer]) -> None:
    anna = viewers["anna"]
    assert (anna.name, anna.clearance, anna.agencies) == ("anna", Level.CONFIDENTIAL, {"NKP"})
    assert viewers["joint"].purposes == ("investigation",)
    assert viewers["joint"].compartments == frozenset()
    assert (anna.loads, viewers["joint"].loads) == ({"NKP"}, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "",
        "anna = 1",
        '[anna]\nagencies = ["A"]',
        '[anna]\nagencies = ["A"]\nlevel = "TOP"',
        '[anna]\nagencies = ["A"]\nlevel = "OPEN"\nadministrator = true',
        '[anna]\nagencies = "A"\nlevel = "OPEN"',
        '[anna]\nagencies = ["A"]\nlevel = "OPEN"\nloads = "A"',
        '[anna]\nname = "bert"\nagencies = ["A"]\nlevel = "OPEN"',
    ],
)
def test_what_can_not_be_understood_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "viewers.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"viewers\.toml") as refused:
        read_viewers(path)
    assert "pydantic" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_viewers(tmp_path / "none.toml")


def test_of_several_one_must_be_named(viewers: Mapping[str, Viewer]) -> None:
    with pytest.raises(UsageError, match="anna, joint"):
        choose_viewer(viewers, None)
    assert choose_viewer(viewers, "joint").name == "joint"
    assert choose_viewer({"anna": viewers["anna"]}, None).name == "anna"


def test_an_unknown_one_is_refused_and_never_replaced(viewers: Mapping[str, Viewer]) -> None:
    for name in ("bert", "Anna", "", "local"):
        with pytest.raises(NotFound):
            choose_viewer(viewers, name)
    with pytest.raises(NotFound):
        choose_viewer({"anna": viewers["anna"]}, "joint")


def test_the_only_purpose_is_the_default_and_of_several_one_must_be_named(viewers: Mapping[str, Viewer]) -> None:
    assert viewers["joint"].purpose(None) == "investigation"
    with pytest.raises(UsageError, match=r"has several purposes: name one of investigation, .*\(purpose=\)$"):
        viewers["anna"].purpose(None)
    assert viewers["anna"].purpose("privilege-review") == "privilege-review"
    with pytest.raises(UsageError):
        viewers["joint"].purpose("privilege-review")


def test_the_local_viewer_sees_what_no_compartment_and_no_privilege_hides() -> None:
    local = local_viewer(["NKP", "TRC"])
    assert (local.name, local.clearance, local.purposes) == ("local", Level.SECRET, ("investigation",))
    assert local.compartments == frozenset()


def test_a_viewer_can_not_be_changed(viewers: Mapping[str, Viewer]) -> None:
    with pytest.raises(ValueError, match="frozen"):
        viewers["anna"].level = "SECRET"
