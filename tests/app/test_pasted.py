"""A pasted list is matched exactly: a line names one entity, several, or none; what is similar is none."""

import pytest

from tests.app.case import NUMBER, id_of
from workbench.app.pasted import MOST_PASTED, match_lines
from workbench.errors import UsageError
from workbench.view.view import View


def test_lines_are_matched_exactly(view: View) -> None:
    text = f"Mo Visser\n\n  Mo   Visser \n{NUMBER}\nGV-123-X\nLaura Georgiu\nnobody at all\n+2126999900"
    found = {each.line: each for each in match_lines(view, text)}
    assert list(found) == ["Mo Visser", NUMBER, "GV-123-X", "Laura Georgiu", "nobody at all", "+2126999900"]
    mo = found["Mo Visser"]
    assert (mo.is_one, mo.entity, mo.schema) == (True, id_of("NKP", "mo"), "Person")
    assert mo.row([mo.entity]) == {"Line": "Mo Visser", "Matches": "Mo Visser, on the chart", "Type": "Person"}
    assert found[NUMBER].entity == view.canonical(id_of("NKP", "n"))
    assert found["GV-123-X"].entity == id_of("NKP", "van")
    assert view.search("Laura Georgiu").similar, "there is somebody similar,"
    assert (found["Laura Georgiu"].n, found["Laura Georgiu"].entity) == (0, ""), "who is no match"
    assert found["nobody at all"].row([]) == {"Line": "nobody at all", "Matches": "none", "Type": ""}
    several = found["+2126999900"]
    assert (several.is_one, several.n) == (False, 30)
    assert several.row([several.entity]) == {"Line": "+2126999900", "Matches": "30 match", "Type": ""}


def test_nothing_pasted_matches_nothing(view: View) -> None:
    assert match_lines(view, " \n\t\n") == ()


def test_too_many_lines_are_refused_at_once(view: View) -> None:
    with pytest.raises(UsageError, match=f"{MOST_PASTED + 1} lines are too many at once"):
        match_lines(view, "\n".join(f"name {n}" for n in range(MOST_PASTED + 1)))
    again = "\n".join(["Mo Visser"] * (MOST_PASTED + 1))
    assert len(match_lines(view, again)) == 1, "each line counts once"
