"""The public names exist, are sorted and documented, and load quickly."""

import subprocess
import sys
from inspect import getdoc, isclass, isfunction

import pytest

import workbench
from workbench import analytics, export, resolve


@pytest.mark.parametrize("module", [workbench, analytics, resolve, export])
def test_public_names_are_sorted_and_there(module: object) -> None:
    names = module.__all__
    assert list(names) == sorted(names)
    for name in names:
        found = getattr(module, name)
        if isclass(found) or isfunction(found):
            assert getdoc(found), f"{name} says nothing of itself"


def test_an_unknown_name_is_an_error_like_any_other() -> None:
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        _ = workbench.close
    assert set(workbench.__all__) <= set(dir(workbench))


def test_importing_is_light() -> None:
    """Nothing large is loaded before it is asked for."""
    code = "import sys, workbench; print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[1:])))"
    large = ["numpy", "pandas", "networkx", "sqlite3", "followthemoney", "streamlit", "pyvis"]
    done = subprocess.run([sys.executable, "-c", code, *large], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
