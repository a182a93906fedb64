"""A small parser of the text format of Prometheus, written from its specification: it refuses what that does not allow.

A comment is `# HELP name text` or `# TYPE name type`, once for each name and before its samples; all lines of a name
are together; no sample twice; in labels only `\\\\`, `\\"` and `\\n` are escapes; the last line ends with a line feed.
"""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Samples:
    """The values by name and labels; ValueError for a text that breaks the format."""
    if text and not text.endswith("\n"):
        raise ValueError("the last line has no end")
    samples: Samples = {}
    told: dict[str, set[str]] = {}
    order: list[str] = []
    for line in text.split("\n")[:-1]:
        if line.startswith("#"):
            _, kind, name, rest = line.split(" ", 3)
            _check(kind in ("HELP", "TYPE") and NAME.fullmatch(name) is not None, line)
            _check(kind not in told.setdefault(name, set()) and not any(known == name for known, _ in samples), line)
            _check(kind == "HELP" or rest in ("counter", "gauge", "histogram", "summary", "untyped"), line)
            _check(not re.search(r"\\(?![\\n])", rest), line)
            told[name].add(kind)
        else:
            name, labels, value = _sample(line)
            _check((name, labels) not in samples, line)
            samples[name, labels] = value
        if not order or order[-1] != name:
            _check(name not in order, line)
            order.append(name)
    return samples


def _sample(line: str) -> tuple[str, frozenset[tuple[str, str]], float]:
    begun = NAME.match(line)
    _check(begun is not None, line)
    name, rest = (begun[0], line[begun.end() :]) if begun else ("", "")
    labels: list[tuple[str, str]] = []
    if rest.startswith("{"):
        rest = rest[1:]
        while not rest.startswith("}"):
            found = LABEL.match(rest)
            if found is None:
                raise ValueError(line)
            value = re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), found[2])
            labels.append((found[1], value))
            rest = rest[found.end() :].removeprefix(",")
        rest = rest[1:]
    _check(rest.startswith(" ") and len(dict(labels)) == len(labels), line)
    return name, frozenset(labels), float(rest)


def _check(is_right: bool, line: str) -> None:
    if not is_right:
        raise ValueError(line)
