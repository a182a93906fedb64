"""Graph Data Science for a server of `tools/neo4j.py`: for benchmarks, which compare our engines with it."""

import re
import shutil
from pathlib import Path

from neo4j_jars import Line, cache, fetch, jars, locked, say

POM = Path(__file__).resolve().parent / "neo4j" / "gds" / "pom.xml"
VERSIONS = {"5": "2.13.9", "2026": "2.26.0"}  # of each line of Neo4j
SETTINGS = {"dbms.security.procedures.unrestricted": "gds.*"}
_IN_THE_WAY = "commons-text"  # the server stops if it finds a second one


def install(line: Line, home: Path) -> None:
    """Copy the jars that the server has not into its folder of plugins, from where it also puts them on its path."""
    there = home / "plugins"
    there.mkdir(exist_ok=True)
    known = {_artefact(each) for each in jars(line).glob("*.jar")} | {_IN_THE_WAY}
    for each in _fetched(line).glob("*.jar"):
        is_own = each.stem.endswith(f"-{VERSIONS[line.name]}")  # some have names of jars of the server
        if is_own or _artefact(each) not in known:
            shutil.copy(each, there)


def _artefact(jar: Path) -> str:
    """The name of a jar without its version."""
    return re.sub(r"-\d.*$", "", jar.stem)


def _fetched(line: Line) -> Path:
    """The folder of this version's jars, fetched on first use, completely or not at all."""
    version = VERSIONS[line.name]
    folder = cache() / f"gds-{version}"
    with locked(cache() / f"gds-{version}.lock"):
        if not folder.is_dir():
            say(f"fetching Graph Data Science {version} from Maven's repository")
            fetch(POM, f"gds.version={version}", f"proc-{version}.jar", folder)
    return folder
