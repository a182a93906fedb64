"""What `tools/neo4j.py` runs: release lines of Neo4j, Java, and the jars from Maven's repository."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POM = Path(__file__).resolve().parent / "neo4j" / "pom.xml"


@dataclass(frozen=True)
class Line:
    """A release line of Neo4j: its newest tested version, and the Java versions it runs on."""

    name: str
    version: str
    main: str
    java: tuple[int, ...]  # the oldest version of Java, and the newest if there is a limit


LINES = {
    "5": Line("5", "5.26.30", "org.neo4j.server.CommunityEntryPoint", (17, 21)),
    "2026": Line("2026", "2026.08.1", "org.neo4j.server.Neo4jCommunity", (21,)),
}


class Failed(Exception):
    """An error, with a message for the user."""

    code = 1


class NoJava(Failed):
    """No Java on this machine runs this line."""

    code = 4


def folder_of(variable: str, otherwise: str) -> Path:
    """Our folder, in the folder that a variable names or else in the user's home."""
    named = os.environ.get(variable, "")
    folder = Path(named) if Path(named).is_absolute() else Path.home() / otherwise
    made = folder / "joint-workbench" / "neo4j"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def cache() -> Path:
    """The folder of jars, by version."""
    return folder_of("XDG_CACHE_HOME", ".cache")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock between processes, which is released even if the process is killed."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _javas() -> list[Path]:
    named = [Path(os.environ["JAVA_HOME"]) / "bin" / "java"] if os.environ.get("JAVA_HOME") else []
    on_path = [Path(found)] if (found := shutil.which("java")) else []
    installed = [
        *sorted(Path("/usr/lib/jvm").glob("*/bin/java")),
        *sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home/bin/java")),
    ]
    found_all = [each.resolve() for each in (*named, *on_path, *installed) if each.is_file()]
    return list(dict.fromkeys(found_all))


def _java_version(java: Path) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def find_java(line: Line) -> Path:
    """The first Java that runs this line: from JAVA_HOME, PATH, or the installed ones."""
    seen = []
    for java in _javas():
        version = _java_version(java)
        if line.java[0] <= version and (len(line.java) == 1 or version <= line.java[-1]):
            return java
        seen.append(f"{java} is {version}")
    needed = f"it runs on Java {line.java[0]} " + (f"to {line.java[-1]}" if len(line.java) > 1 else "or newer")
    raise NoJava(f"{line.name} not run: no Java {line.java[0]}\n{needed}; {'; '.join(seen) or 'there is no Java'}")


def jars(line: Line) -> Path:
    """The folder of this version's jars, fetched on first use, completely or not at all."""
    folder = cache() / line.version
    with locked(cache() / f"{line.version}.lock"):
        if not folder.is_dir():
            _fetch(line, folder)
    return folder


def _fetch(line: Line, folder: Path) -> None:
    say(f"fetching Neo4j {line.version} from Maven's repository, about 125 MB")
    fetch(POM, f"neo4j.version={line.version}", f"neo4j-{line.version}.jar", folder)


def fetch(pom: Path, setting: str, wanted: str, folder: Path) -> None:
    """Make a folder of the jars that a POM names, completely or not at all; `wanted` is one of them."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Failed("no mvn on PATH, which fetches Neo4j's jars: install Maven (on Debian: apt-get install maven)")
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}.", dir=cache()) as place:
        shutil.copy(pom, place)  # Maven may write beside it
        command = [maven, "--batch-mode", "--no-transfer-progress", f"-D{setting}"]
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={place}/jars"]
        done = subprocess.run([*command, *goal], cwd=place, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not Path(place, "jars", wanted).is_file():
            raise Failed(f"mvn could not fetch {wanted}:\n{end_of(done.stdout + done.stderr)}")
        Path(place, "jars").rename(folder)


def administer(line: Line, java: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run neo4j-admin on the server in a folder."""
    command = [str(java), "-cp", f"{jars(line)}/*", "org.neo4j.cli.AdminTool", *arguments]
    places = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    return subprocess.run(command, env={**os.environ, **places}, capture_output=True, text=True, check=False)


def end_of(text: str) -> str:
    """The last lines of what a program printed."""
    return "\n".join(text.splitlines()[-15:])


def say(text: str) -> None:
    """Print a message for the user to stderr."""
    sys.stderr.write(f"neo4j: {text}\n")
