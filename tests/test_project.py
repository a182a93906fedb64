"""The project's own rules: locks, scripts, sizes of files and functions, versions."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lacking import lacking

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (
    "requirements-build.lock",
    "requirements-icu-source.lock",
    "requirements.lock",
    "requirements-igraph.lock",
    "requirements-dev.lock",
    "requirements-lab.lock",
)
PACKAGES = ("workbench", "ingest", "benchmarks")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version, and number of hashes, of each package in a lock."""
    text = re.sub(r"^\s*#.*$", "", (ROOT / name).read_text("utf-8"), flags=re.M)
    entries = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)([^\n]*(?:\n[ \t]+[^\n]*)*)", text, flags=re.M)
    return {canonicalize_name(p): (version, rest.count("--hash=sha256:")) for p, version, rest in entries}


# -- locks --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_versions_and_hashes_only(name: str) -> None:
    lines = [line.strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    wanted = re.compile(r"#.*|--hash=sha256:[0-9a-f]{64}( \\)?|[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)?( \\)?|")
    assert [line for line in lines if not wanted.fullmatch(line)] == []
    assert all(hashes > 0 for _, hashes in locked(name).values())


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_no_address_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s|@)/\w", text)


@pytest.mark.parametrize(
    ("name", "extra"), [("requirements.lock", None), ("requirements-dev.lock", "dev"), ("requirements-lab.lock", "lab")]
)
def test_every_dependency_is_locked_in_a_version_that_fits(name: str, extra: str | None) -> None:
    declared = list(project()["project"]["dependencies"])
    if extra:
        declared += project()["project"]["optional-dependencies"][extra]
    found = locked(name)
    for requirement in map(Requirement, declared):
        version = found[canonicalize_name(requirement.name)][0]
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} is locked as {version}"


def test_locks_agree() -> None:
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, (version, _) in locked(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_every_extra_has_a_lock() -> None:
    extras = project()["project"]["optional-dependencies"]
    assert {f"requirements-{extra}.lock" for extra in extras} <= set(LOCKS)


def test_build_requirements_are_locked() -> None:
    found = locked("requirements-build.lock")
    for requirement in map(Requirement, project()["build-system"]["requires"]):
        assert requirement.specifier.contains(found[canonicalize_name(requirement.name)][0])


# -- scripts ------------------------------------------------------------------------------


def machine(folder: Path, *programs: str) -> dict[str, str]:
    """The environment of a machine that has these programs and no others."""
    folder.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found, f"{program} is needed here"
        (folder / program).symlink_to(found)
    return {"PATH": str(folder)}


def stand_in(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('bash')}\n{script}\n", "utf-8")
    path.chmod(0o755)


def system_packages(environment: dict[str, str], *groups: str) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash
    command = [bash, str(ROOT / "tools/system_packages.sh"), *groups]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)


def test_without_rights_it_says_the_one_line_to_type(tmp_path: Path) -> None:
    environment = machine(tmp_path / "bin", "bash", "dirname")
    stand_in(tmp_path / "bin", "apt-get", "exit 99")
    stand_in(tmp_path / "bin", "id", "echo 1000")
    ended = system_packages(environment, "python", "build", "browser")
    assert ended.returncode == 1
    *_, line = ended.stderr.splitlines()
    assert line.startswith("sudo apt-get update && sudo apt-get install -y")
    assert {"python3-venv", "python3-dev", "g++", "pkg-config", "libicu-dev", "chromium"} <= set(line.split())
    assert ended.stdout == ""


def test_without_apt_it_says_what_is_missing(tmp_path: Path) -> None:
    ended = system_packages(machine(tmp_path / "bin", "bash", "dirname", "id"), "build")
    assert ended.returncode == 1
    assert "libicu-dev" in ended.stderr


def test_nothing_is_run_where_nothing_is_missing(tmp_path: Path) -> None:
    if system_packages({"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, "python").returncode:
        lacking("the packages of Python are missing: make demo SERVE=0 installs them")
    environment = machine(tmp_path / "bin", "bash", "dirname")
    (tmp_path / "bin" / "python3").symlink_to(Path(sys.executable).resolve())
    marker = tmp_path / "called"
    stand_in(tmp_path / "bin", "apt-get", f"echo called > {marker}")
    ended = system_packages(environment, "python")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert not marker.exists()


def test_without_a_wheel_of_icu_pyicu_is_built_and_that_is_said(tmp_path: Path) -> None:
    """uv is told to install the lock, then the lock without the wheel, and PyICU's own."""
    room, programs = tmp_path / "a room", tmp_path / "a room" / ".venv" / "bin"
    programs.mkdir(parents=True)
    shutil.copytree(ROOT / "tools", room / "tools")
    for name in ("requirements.lock", "requirements-icu-source.lock"):
        shutil.copy(ROOT / name, room)
    refuse = 'echo "pyicu-wheels has no wheel for this machine" >&2; exit 1'
    stand_in(programs, "uv", f'grep -q "^pyicu-wheels==" "${{@: -1}}" && {{ {refuse}; }}; cp "${{@: -1}}" installed')
    stand_in(programs, "python", "exit 1")
    stand_in(room / "tools", "system_packages.sh", 'echo "packages: $*"')
    command = [room / "tools" / "install.sh", "requirements.lock"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "Installing requirements.lock",
        "No wheel of ICU fits this machine: PyICU is built from source, which takes some minutes",
        "packages: build",
    ]
    shutil.copy(room / "installed", room / "requirements-installed.lock")
    wanted = {**locked("requirements.lock"), **locked("requirements-icu-source.lock")}
    wanted.pop("pyicu-wheels")
    assert locked(str(room / "requirements-installed.lock")) == wanted


def test_make_lists_every_command() -> None:
    listed = subprocess.run(["make", "-C", ROOT, "-s"], capture_output=True, text=True, check=True).stdout
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^\.PHONY: (.*)$", text, flags=re.M):
        assert f"make {target} " in listed or target.startswith("system-"), f"`make {target}` has no ## line"
    assert {"demo", "test", "check", "bench", "lab"} <= set(re.findall(r"make ([a-z-]+)", listed))


# -- sizes and versions -------------------------------------------------------------------


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def test_files_and_functions_stay_small() -> None:
    too_long = []
    for path in sources():
        text = path.read_text("utf-8")
        if text.count("\n") > LONGEST_FILE:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert too_long == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(ROOT)) for path in sources() if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))
    }
    assert readers <= {"workbench/settings.py"}


def test_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(.+?)\]", text, flags=re.M)[0] in ("Unreleased", project()["project"]["version"])
