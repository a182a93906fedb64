"""networkx finds the backend by the entry points, and gives it plain calls when it is switched on: in a new process."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.analytics.cases import filled, person, tie
from workbench.analytics.engines.table import engines_of

ROOT = Path(__file__).parents[3]
LARGE = ("scipy", "networkit", "igraph", "pandas", "pydantic", "workbench.analytics")

FOUND = """
import json, logging, sys, warnings
warnings.simplefilter("error")
import networkx as nx
said = {"on import": [name for name in sys.argv[1:] if name in sys.modules]}
said["settings"] = dict(nx.config.backends["workbench"])

class Told(logging.Handler):
    def emit(self, record):
        text = record.getMessage()
        if text.startswith("Using backend"):
            called.append(text.split("'")[3])

called = []
logging.getLogger("networkx").addHandler(Told())
logging.getLogger("networkx").setLevel(logging.DEBUG)

def by_us(ask, *args, **kwargs):
    called.clear()
    answer = ask(*args, **kwargs)
    answer = answer if hasattr(answer, "__len__") or isinstance(answer, (int, float)) else list(answer)
    return bool(called)

large, small = nx.barabasi_albert_graph(600, 2, seed=1), nx.path_graph(499)
said["before"] = by_us(nx.betweenness_centrality, large, k=5, seed=1)
from workbench.analytics.engines.switch import switch_on
said["switched on"] = switch_on()
said["twice"] = switch_on() and nx.config.backend_priority.algos
said["large"] = by_us(nx.betweenness_centrality, large, k=5, seed=1)
said["again"] = by_us(nx.pagerank, large)
said["small"] = by_us(nx.pagerank, small)
said["weights"] = by_us(nx.betweenness_centrality, large, k=5, weight="weight")
said["several"] = by_us(nx.pagerank, nx.MultiGraph(large))
said["leiden"] = by_us(nx.community.leiden_communities, large, seed=1)
said["quick when converted"] = by_us(nx.connected_components, large)
fresh = nx.barabasi_albert_graph(600, 2, seed=2)
said["quick before"] = by_us(nx.connected_components, fresh)
said["few pairs before"] = by_us(nx.jaccard_coefficient, fresh, [(1, 2)])
said["all pairs"] = by_us(nx.jaccard_coefficient, fresh)
large[0][1]["weight"] = 0
said["bad weights"] = by_us(nx.pagerank, large)
large.add_edge(0, "new")
said["new node"] = "new" in nx.core_number(large)
with nx.config(backend_priority=[]):
    said["in a block without"] = by_us(nx.core_number, large)
plain = nx.pagerank(fresh, backend="networkx")
ours = nx.pagerank(fresh, backend="workbench")
said["equal"] = max(abs(plain[node] - ours[node]) for node in plain) < 1e-12
nx.config.backend_priority.algos = []
nx.config.backends.workbench.automatic = False
said["switched off"] = switch_on() or by_us(nx.betweenness_centrality, large, k=5, seed=1)
print(json.dumps(said))
"""

WITHOUT = """
import sys
from importlib.metadata import entry_points
import networkx as nx
from workbench.analytics.engines.switch import switch_on
print(switch_on(), nx.pagerank(nx.path_graph(3))[0] > 0)
"""


def run(code: str, folder: Path, *words: str, **env: str) -> str:
    path = os.pathsep.join([str(folder), str(ROOT)])
    command = [sys.executable, "-c", code, *LARGE, *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, **env, "PYTHONPATH": path}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def installed(folder: Path, said: dict[str, dict[str, str]]) -> None:
    """Make a folder one in which the project is installed with these entry points."""
    place = folder / "joint_workbench-0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: joint-workbench\nVersion: 0\n")
    lines = [f"[{group}]\n" + "\n".join(f"{name} = {each}" for name, each in of.items()) for group, of in said.items()]
    (place / "entry_points.txt").write_text("\n".join(lines) + "\n")


def test_plain_calls_are_answered_by_the_backend_that_is_installed(tmp_path: Path) -> None:
    installed(tmp_path, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"])
    said: dict[str, Any] = json.loads(run(FOUND, tmp_path))
    assert said == {
        "on import": [],
        "settings": {"automatic": True, "least_nodes": 500},
        "before": False,
        "switched on": True,
        "twice": ["workbench"],
        "large": True,
        "again": True,
        "small": False,
        "weights": False,
        "several": False,
        "leiden": True,
        "quick when converted": True,
        "quick before": False,
        "few pairs before": False,
        "all pairs": True,
        "bad weights": True,
        "new node": True,
        "in a block without": False,
        "equal": True,
        "switched off": False,
    }


def test_it_is_switched_on_from_outside(tmp_path: Path) -> None:
    installed(tmp_path, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"])
    code = "import networkx as nx; print(nx.config.backend_priority.algos)"
    assert run(code, tmp_path, NETWORKX_BACKEND_PRIORITY="workbench").strip() == "['workbench']"


def test_without_it_networkx_does_everything_itself(tmp_path: Path) -> None:
    installed(tmp_path, {})
    assert run(WITHOUT, tmp_path).split() == ["False", "True"]


@pytest.mark.parametrize("module", ["workbench", "workbench.backend_info"])
def test_the_library_and_what_networkx_is_told_stay_light(tmp_path: Path, module: str) -> None:
    code = f"import sys, {module}; print([name for name in {LARGE} + ('networkx', 'numpy') if name in sys.modules])"
    assert run(code, tmp_path).strip() == "[]"


OF_A_SESSION = """
import sys, networkx as nx, workbench
viewer = workbench.Viewer(name="anna", agencies=frozenset({"AAA"}), level="SECRET")
with workbench.open(sys.argv[-1], viewer=viewer) as case:
    before = list(nx.config.backend_priority.algos)
    case.communities(), case.key_players(), case.stats()
    between = list(nx.config.backend_priority.algos)
    graph = case.graph()
    print(before, between, nx.config.backend_priority.algos, graph.number_of_edges())
"""


@pytest.mark.sqlite_only(reason="a new process opens its file")
def test_the_graph_of_a_session_switches_it_on_and_nothing_else_does(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'case.db'}"
    filled(url, [person("a"), person("b"), tie("Family", person="a", relative="b")]).close()
    installed(tmp_path, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"])
    assert run(OF_A_SESSION, tmp_path, url).strip() == "[] [] ['workbench'] 1"


def test_igraph_is_asked_where_it_is_installed() -> None:
    """It is in the environment of those who work on the code, so that its answers are tried."""
    assert engines_of("core_number") == ("igraph", "networkit", "networkx")
