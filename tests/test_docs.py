"""The documents mention everything, and what they show works."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from ingest.formats import ADAPTERS
from tests.demos import Make
from tests.programs import PROGRAMS, commands_of
from tests.ready import programs
from tests.stores import copy_store, leased, viewers_in
from workbench import errors
from workbench.analytics import ANALYSES
from workbench.session import Session

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
names = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@cache
def read(page: Path) -> str:
    return page.read_text("utf-8")


def modules_with_examples() -> list[str]:
    found = []
    for path in sorted(path for package in ("workbench", "ingest") for path in (ROOT / package).rglob("*.py")):
        if ">>> " in read(path):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    return found


@cache
def everything() -> str:
    return "\n".join(read(page) for page in PAGES)


# -- what there is, is in the documents ---------------------------------------------------


def commands(group: click.Group, *path: str) -> Iterator[str]:
    for name, command in commands_of(group).items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name))


@pytest.mark.parametrize("program", ["workbench", "ingest"])
def test_every_command_is_documented(program: str) -> None:
    group = PROGRAMS[program]
    missing = [c for c in commands(group, program) if not re.search(rf"\b{re.escape(c)}(?![\w-])", everything())]
    assert missing == []


@pytest.mark.parametrize("program", ["workbench", "ingest"])
def test_every_option_is_documented(program: str) -> None:
    found: set[str] = set()

    def options(command: click.Command) -> None:
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                found.update(
                    o for o in (*parameter.opts, *parameter.secondary_opts) if o not in ("--help", "-h", "--version")
                )
        for each in commands_of(command).values():
            options(each)

    options(PROGRAMS[program])
    assert [o for o in sorted(found) if not re.search(rf"(?<![\w-]){re.escape(o)}(?![\w-])", everything())] == []


def test_every_setting_is_documented() -> None:
    settings = set(re.findall(r"\bWORKBENCH_[A-Z_]+", read(ROOT / "workbench/settings.py")))
    assert settings
    assert [name for name in sorted(settings) if name not in everything()] == []


def test_every_adapter_is_documented() -> None:
    table = re.findall(r"^\| `([a-z0-9-]+)` \|", read(ROOT / "docs/loading.md"), flags=re.M)
    missing = sorted(ADAPTERS.keys() - set(table))
    assert not missing, f"add a line for each to the table in docs/loading.md: {missing}"


def test_every_error_is_documented() -> None:
    found = [n for n, e in vars(errors).items() if isinstance(e, type) and issubclass(e, errors.WorkbenchError)]
    assert [name for name in found if f"`{name}`" not in everything()] == []


def test_every_method_of_a_session_is_documented() -> None:
    methods = {name for name in dir(Session) if not name.startswith("_") and callable(getattr(Session, name))}
    methods |= {each.called for each in ANALYSES.values()}
    page = read(ROOT / "docs" / "notebook.md")
    assert [name for name in sorted(methods - {"close"}) if f"`.{name}(" not in page] == []


def test_every_folder_is_in_the_readme() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in listed.splitlines() if "/" in line}
    assert [folder for folder in sorted(folders) if f"`{folder}/`" not in read(ROOT / "README.md")] == []


# -- what is in the documents, works ------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", read(page), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@names
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        aim = (page.parent / name).resolve() if name else page
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            broken.append(target)
    assert broken == []


@names
def test_make_targets_exist(page: Path) -> None:
    targets = re.findall(r"^\.PHONY: (.*)$", read(ROOT / "Makefile"), flags=re.M)
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)(?=[`\s]+(?:#|[A-Z]+=|`|$))", read(page), flags=re.M)) <= set(targets)


@pytest.mark.parametrize("module", modules_with_examples())
def test_examples_in_docstrings_work(module: str) -> None:
    tried = doctest.testmod(import_module(module))
    assert tried.attempted
    assert not tried.failed


def blocks(page: Path) -> list[list[tuple[str, str]]]:
    """The console blocks of a page that run our programs: (command, shown output) pairs."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", read(page), flags=re.M | re.S):
        pairs = [(c, o) for c, o in re.findall(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", block, flags=re.M)]
        if not any(re.match(r"(make|git|sudo|cd|export|source)\b", command) for command, _ in pairs):
            found.append(pairs)
    return found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, make_demo: Make) -> Iterator[tuple[Path, str]]:
    """The demo's store, and a folder with what lies beside it."""
    folder = tmp_path_factory.mktemp("demo")
    with leased(folder, "workbench") as url:
        with viewers_in(folder):
            make_demo(url)
        yield folder, url


@pytest.fixture(scope="session")
def ready() -> Iterator[Path]:
    """A folder with our programs, quick to start."""
    with programs() as folder:
        yield folder


@names
def test_console_blocks_work(page: Path, demo: tuple[Path, str], ready: Path, tmp_path: Path) -> None:
    """Run the blocks as a reader would, in order on a copy of the demo's store, from the project's root.

    Each block runs in its own shell. In shown output, "..." matches anything.
    """
    found = blocks(page)
    if not found:
        return
    folder = Path(shutil.copytree(demo[0], tmp_path / "reader"))
    with leased(folder, "workbench") as url, viewers_in(folder):
        copy_store(demo[1], url)
        for block in found:
            outputs = run_block([command for command, _ in block], url, folder, ready)
            for (command, shown), given in zip(block, outputs, strict=False):
                same = doctest.OutputChecker().check_output(
                    shown, given, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
                )
                assert not shown.strip() or same, f"$ {command}\nshown:\n{shown}\ngiven:\n{given}"


def run_block(commands: list[str], url: str, folder: Path, ready: Path) -> list[str]:
    """What each of these commands prints, run on a store one after another."""
    mark = "=== end of output"
    script = "".join(f"{command}\necho '{mark}'\n" for command in commands)
    environment = {
        **os.environ,
        "PATH": f"{ready}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "WORKBENCH_STORE": url,
        "TMPDIR": str(folder),
    }
    shell = ["bash", "-euo", "pipefail", "-c", script]
    ended = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{script}\n{ended.stdout}{ended.stderr}"
    return ended.stdout.split(f"{mark}\n")


def test_contributing_names_files_that_are_there() -> None:
    named = re.findall(r"`((?:workbench|ingest|tests|docs)/[\w/]+\.\w+)`", read(ROOT / "CONTRIBUTING.md"))
    assert named
    assert [name for name in named if "NAME" not in name and not (ROOT / name).exists()] == []
