"""tools/neo4j.py: a local server, and a message for each way in which it can fail."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from socket import create_server, socket
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from tests.servers import LINE, TOOL, driver

REAL = pytest.mark.neo4j_only(reason="starts servers")


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module that finds Java and fetches jars, with a cache of the test's own."""
    spec = spec_from_file_location("neo4j_jars", TOOL.with_name("neo4j_jars.py"))
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "neo4j_jars", found)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    spec.loader.exec_module(found)
    return found


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def java(folder: Path, version: str) -> Path:
    return program(folder / f"java-{version}", f"echo 'openjdk version \"{version}\" 2026-01-01' >&2")


@pytest.mark.parametrize(
    ("line", "versions", "chosen"),
    [
        ("5", ["25.0.1", "1.8.0_1", "17.0.2", "21"], "17.0.2"),
        ("2026", ["17.0.2", "25.0.1", "21"], "25.0.1"),
        ("2026", ["21"], "21"),
    ],
)
def test_the_first_java_that_runs_the_line_is_taken(
    parts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, versions: list[str], chosen: str
) -> None:
    monkeypatch.setattr(parts, "_javas", lambda: [java(tmp_path, each) for each in versions])
    assert parts.find_java(parts.LINES[line]) == tmp_path / f"java-{chosen}"


@pytest.mark.parametrize(
    ("line", "versions", "words"),
    [
        ("2026", ["17.0.2"], "2026 not run: no Java 21\nit runs on Java 21 or newer; {}/java-17.0.2 is 17"),
        ("2026", [], "2026 not run: no Java 21\nit runs on Java 21 or newer; there is no Java"),
        ("5", ["25"], "5 not run: no Java 17\nit runs on Java 17 to 21; {}/java-25 is 25"),
    ],
)
def test_no_java_for_a_line_is_said(
    parts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, versions: list[str], words: str
) -> None:
    monkeypatch.setattr(parts, "_javas", lambda: [java(tmp_path, each) for each in versions])
    with pytest.raises(parts.NoJava) as told:
        parts.find_java(parts.LINES[line])
    assert str(told.value) == words.format(tmp_path)
    assert told.value.code == 4


def test_no_maven_is_said(parts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(parts.Failed, match="install Maven"):
        parts.jars(parts.LINES["5"])


@pytest.mark.parametrize("ending", ["exit 1", "exit 0"])
def test_a_download_that_broke_off_is_not_taken_for_whole(
    parts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    program(tmp_path / "mvn", f"mkdir jars; echo some > jars/some.jar; echo no route to host; {ending}")
    for _ in range(2):
        with pytest.raises(parts.Failed, match="no route to host"):
            parts.jars(parts.LINES["5"])
    assert [each.name for each in parts.cache().iterdir()] == ["5.26.30.lock"]


def test_jars_are_fetched_once_also_when_two_ask(
    parts: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    version, asked = parts.LINES["5"].version, tmp_path / "asked"
    program(tmp_path / "mvn", f"echo once >> {asked}; sleep 0.3; mkdir jars; echo x > jars/neo4j-{version}.jar")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: parts.jars(parts.LINES["5"]), range(2)))
    assert asked.read_text() == "once\n"
    assert found == [parts.cache() / version] * 2
    assert (found[0] / f"neo4j-{version}.jar").is_file()


# -- the command --------------------------------------------------------------------------


class Tool:
    """The command, with instances of the test's own."""

    def __init__(self, state: Path) -> None:
        self.home = state / "joint-workbench" / "neo4j" / "mine"
        self._environment = {**os.environ, "XDG_STATE_HOME": str(state)}

    def run(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """What it prints on stdout and stderr."""
        command = [sys.executable, str(TOOL), *arguments, "--name", "mine"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self._environment)
        assert done.returncode == code, done.stderr
        return done.stdout.strip(), done.stderr.strip()

    def start(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        return self.run("start", "--line", LINE, "--page-cache", "32m", *arguments, code=code)


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[Tool]:
    made = Tool(tmp_path)
    yield made
    made.run("remove")


def test_what_does_not_run_is_said_so(tool: Tool) -> None:
    for command in ("status", "stop", "kill"):
        assert tool.run(command, code=3) == ("", "not running")


def test_another_process_is_not_taken_for_the_server(tool: Tool) -> None:
    tool.home.mkdir(parents=True)
    (tool.home / "pid").write_text(str(os.getpid()))
    assert tool.run("kill", code=3) == ("", "not running")


@REAL
def test_a_server_keeps_its_data_password_and_port_through_kill_and_stop(tool: Tool) -> None:
    url, _ = tool.start()
    parts = urlsplit(url)
    assert (parts.scheme, parts.username, parts.hostname) == ("neo4j", "neo4j", "127.0.0.1")
    with driver(url) as server:
        server.execute_query("CREATE (:Kept)")
    assert tool.start() == (url, "")
    told, process = tool.run("status")[0].split(" version ")[0].split(" pid ")
    assert told == url
    assert str(parts.password) not in Path(f"/proc/{process}/cmdline").read_text()
    tool.run("kill")
    assert tool.run("status", code=3) == ("", "not running")
    assert tool.start() == (url, "")
    tool.run("stop")
    assert tool.start() == (url, "")
    with driver(url) as server:
        assert len(server.execute_query("MATCH (k:Kept) RETURN k").records) == 1
    assert stat.S_IMODE(tool.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((tool.home / "instance.json").stat().st_mode) == 0o600
    holding = [f for f in tool.home.rglob("*") if f.is_file() and str(parts.password).encode() in f.read_bytes()]
    assert holding == [tool.home / "instance.json"]


def _listening(port: int) -> socket:
    """Listen at a port as soon as the system has taken it back from a killed process."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return create_server(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@REAL
def test_a_start_that_fails_says_why(tool: Tool) -> None:
    _, why = tool.start("--timeout", "1", code=1)
    assert "did not answer in 1 s (--timeout)" in why
    assert tool.run("status", code=3) == ("", "not running")
    _, why = tool.start("--set", "no.such.setting=1", code=1)
    assert "did not start" in why
    assert "no.such.setting" in why
    url, _ = tool.start()
    tool.run("kill")
    port = urlsplit(url).port
    assert port
    with _listening(port):
        _, why = tool.start(code=1)
    assert f"port {port} of mine is taken by another process" in why
