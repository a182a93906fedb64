"""Graph Data Science for a server of `tools/neo4j.py`: for benchmarks, which compare our engines with it."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from neo4j_jars import Failed, Line, cache, end_of, jars, locked, say

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
            _fetch(version, folder)
    return folder


def _fetch(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Failed("no mvn on PATH, which fetches Graph Data Science: install Maven")
    say(f"fetching Graph Data Science {version} from Maven's repository")
    with tempfile.TemporaryDirectory(prefix=f"gds-{version}.", dir=cache()) as place:
        shutil.copy(POM, place)  # Maven may write beside it
        command = [maven, "--batch-mode", "--no-transfer-progress", f"-Dgds.version={version}"]
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={place}/jars"]
        done = subprocess.run([*command, *goal], cwd=place, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"mvn could not fetch Graph Data Science {version}:\n{end_of(done.stdout + done.stderr)}")
        Path(place, "jars").rename(folder)
