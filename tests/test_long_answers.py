"""A long answer is written some values at a time: it is the same JSON, to the letter."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.commands import console

_TEXTS = st.text(st.sampled_from('a"\\é\u202e\ud800\x9b\U000e0001,[]{}'), max_size=4)
_ROWS = st.lists(st.dictionaries(_TEXTS, st.one_of(_TEXTS, st.integers(), st.none(), st.lists(_TEXTS)), max_size=3))


@pytest.fixture(autouse=True)
def little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few values are many, and few letters."""
    monkeypatch.setattr(console, "_VALUES_AT_ONCE", 2)
    monkeypatch.setattr(console, "_LETTERS_AT_ONCE", 10)


def printed(answer: Any, capsys: pytest.CaptureFixture[str]) -> str:
    console.emit(answer)
    return capsys.readouterr().out


@settings(suppress_health_check=[*HealthCheck])
@given(rows=_ROWS, keys=st.lists(_TEXTS), said=_TEXTS)
def test_an_answer_in_parts_is_the_whole_one(
    rows: Sequence[Any], keys: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {"said": said, "results": rows, "records": keys, "counts": {"a": (1, 2)}, said: None}
    in_parts = {**whole, "results": iter(rows)}
    text = printed(in_parts, capsys)
    assert text == printed(whole, capsys)
    assert json.loads(text) == json.loads(json.dumps(whole))


def test_a_value_is_made_when_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    written = list[str]()

    def rows() -> Any:
        for n in range(10):
            written.append(capsys.readouterr().out)
            yield f"row {n} of some"

    last = printed({"results": rows()}, capsys)
    assert json.loads("".join(written) + last) == {"results": [f"row {n} of some" for n in range(10)]}
    assert sum(map(bool, written)) == 5  # the beginning, and before every second row
