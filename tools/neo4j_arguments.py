"""The command line of `tools/neo4j.py`."""

import argparse
import re
import sys
from collections.abc import Sequence

from neo4j_jars import LINES


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", text):
        raise argparse.ArgumentTypeError(f"{text!r}: a name has lower-case letters, digits, - and _")
    return text


def _size(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]*[kmg]", text):
        raise argparse.ArgumentTypeError(f"{text!r}: write a size like 512m or 2g")
    return text


def _setting(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not re.fullmatch(r"[a-z][A-Za-z0-9._-]*", name) or not value.isprintable() or not value:
        raise argparse.ArgumentTypeError(f"{text!r}: write a setting of neo4j.conf like db.transaction.timeout=60s")
    return name, value


def arguments(about: str, commands: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; `arguments` has those after `--`, for neo4j-admin."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=commands)
    parser.add_argument("--name", type=_name, default="dev", help="which instance (dev)")
    parser.add_argument("--line", choices=LINES, default="5", help="5: the LTS; 2026: the calendar line (5)")
    parser.add_argument("--heap", type=_size, default="512m", help="most memory of the Java heap (512m)")
    parser.add_argument("--page-cache", type=_size, default="128m", help="memory of the page cache (128m)")
    parser.add_argument(
        "--set",
        dest="settings",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of neo4j.conf, for this start; may be given again",
    )
    parser.add_argument("--quick", action="store_true", help="start faster, run slower: for small tests")
    parser.add_argument("--gds", action="store_true", help="with Graph Data Science (GPL-3), for benchmarks")
    parser.add_argument("--tls", action="store_true", help="create a server that accepts TLS only; needs openssl")
    parser.add_argument("--timeout", type=float, default=120, help="seconds to wait for a start or a stop (120)")
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    asked = parser.parse_args(sys.argv[1:end])
    asked.arguments = sys.argv[end + 1 :]
    return asked
