"""The draw of mistakes: what is said to need no test is a mistake that can still be made."""

import tomllib

from tools.mutants import mutants_of
from tools.mutate_drawn import ROOT, SURVIVORS


def test_every_survivor_is_a_mutant_of_the_source() -> None:
    listed = [(*map(each.get, ("file", "line", "new")),) for each in tomllib.loads(SURVIVORS.read_text())["survivor"]]
    made = set[tuple[str, str, str]]()
    for file in {file for file, *_ in listed}:
        lines = (ROOT / file).read_text("utf-8").splitlines()
        made |= {(file, lines[each.line - 1].strip(), each.new) for each in mutants_of(ROOT, file)}
    assert [each for each in listed if each not in made] == []
