"""The report of a run as one page of HTML: no script, nothing from elsewhere, every text escaped."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from ingest.run_report import COUNTS, FAILED, NOT_RUN, counted
from workbench.model.visible import count, visible

_MOST_FILES = 500  # of a load; the JSON has all
_MOST_PATHS = 20
_STYLE = """<style>
:root { color-scheme: light dark; --line: #8885; --good: #1a7f37; --bad: #c62828; --odd: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #57c274; --bad: #ff7b72; --odd: #e3b341; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
td { overflow-wrap: anywhere; min-width: 3rem; } tr.sum td { font-weight: 600; }
tr.failed td { color: var(--bad); } tr.odd td:nth-child(5) { color: var(--odd); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; } dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .odd { color: var(--odd); } .note { opacity: .7; }
.state { font-weight: 600; }
ul { margin: .4rem 0; padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
</style>"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(run: Mapping[str, Any]) -> Iterator[str]:
    """The page of a run, as of `RunReport.to_dict`, line by line."""
    name = visible(str(run["batch"])).rpartition("/")[2]
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
    yield f"<title>{_text(name)}: {_state(run)[1]}</title>{_STYLE}</head><body>"
    yield f"<h1>{_text(name)}: {_coloured(*_state(run))}</h1>"
    yield from _about(run)
    yield "<h2>Loads</h2>"
    yield from _table(
        ("load", "agency", "dataset", "manifest", "outcome", *COUNTS, "seconds"),
        [*map(_line_of, run["loads"]), ("done in all", "", "", "", "", *_numbers(run["counts"]), run["seconds"])],
        [*map(_kind_of, run["loads"]), "sum"],
    )
    for each in run["loads"]:
        yield from _load(each)
    yield "</body></html>"


def _state(run: Mapping[str, Any]) -> tuple[str, str]:
    """How a run went: (colour, words)."""
    tried = " (tried, and undone)" if run["dry_run"] else ""
    if run["ended"] is None:
        return "odd", f"not ended{tried}"
    if not run["succeeded"]:
        return "bad", f"failed{tried}"
    return ("good", f"done{tried}") if run["clean"] else ("odd", f"done, but not all was taken{tried}")


def _about(run: Mapping[str, Any]) -> Iterator[str]:
    told = {
        "batch": run["batch"],
        "store": run["store"],
        "run by": run["by"],
        "started": run["started"],
        "ended": run["ended"] or "not yet; or it was killed: run it again",
    }
    yield "<dl>"
    yield from (f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in told.items() if value)
    yield "</dl>"
    if "error" in run:
        yield _error(run["error"])


def _line_of(load: Mapping[str, Any]) -> Sequence[Any]:
    return (
        load["load"],
        load["agency"],
        load["dataset"] or "named by file",
        load["manifest"] or "",
        load["outcome"] if load["clean"] or load["outcome"] != "done" else "done, not all",
        *_numbers(counted(load["files"])),
        load["seconds"],
    )


def _kind_of(load: Mapping[str, Any]) -> str:
    """The class of a load's line."""
    return "failed" if load["outcome"] == FAILED else "" if load["clean"] else "odd"


def _load(load: Mapping[str, Any]) -> Iterator[str]:
    """What became of one load."""
    yield f"<h2>{_text(load['load'])}: {_text(load['agency'])}/{_text(load['dataset'] or 'named by file')}</h2>"
    about = [load["adapter"], f"delivered {load['delivered']}" if load["delivered"] else "", _changed(load)]
    yield f'<p class="note">{_text(", ".join(each for each in about if each))}</p>'
    if "error" in load:
        yield _error(load["error"])
    if load["outcome"] == NOT_RUN:
        yield f'<p class="state odd">Not run: {count(len(load["paths"]), "path")}</p>'
        yield from _list(load["paths"], _MOST_PATHS)
    if load["files"]:
        yield from _files(load["files"])
    yield from _list(load["messages"])


def _changed(load: Mapping[str, Any]) -> str:
    if load["outcome"] == FAILED:
        return "nothing was changed" + ("; the counts are of what was read" if load["files"] else "")
    if load["outcome"] == NOT_RUN:
        return ""
    return f"revision {load['revision']}" if load["revision"] else "no new revision"


def _files(files: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The counts of each file, and their sums."""
    shown, left_out = files[:_MOST_FILES], len(files) - _MOST_FILES
    rows = [(each["path"], *_numbers(each), _listed(each["reasons"])) for each in shown]
    rows.append(("all", *_numbers(counted(files)), ""))
    yield from _table(("file", *COUNTS, "reasons"), rows, [*[""] * len(shown), "sum"])
    yield '<p class="note">read = accepted + unchanged + late + left + quarantined + refused</p>'
    if left_out > 0:
        yield f'<p class="note">{count(left_out, "more file")} in the JSON beside this page</p>'


def _numbers(counts: Mapping[str, Any]) -> list[int]:
    return [counts[name] for name in COUNTS]


def _listed(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name}: {n:,}" for name, n in counts.items())


def _error(error: Mapping[str, str]) -> str:
    return f'<p class="state bad">{_text(error["kind"])}: {_text(error["message"])}</p>'


def _list(texts: Sequence[str], most: int | None = None) -> Iterator[str]:
    if texts:
        yield "<ul>"
        yield from (f"<li>{_text(each)}</li>" for each in texts[:most])
        if most is not None and len(texts) > most:
            yield f"<li>{count(len(texts) - most, 'more')[:-1]} in the JSON beside this page</li>"
        yield "</ul>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], classes: Sequence[str]) -> Iterator[str]:
    """A table; each row has a class, or "" for none."""
    numbers = {n for n in range(len(columns)) if any(isinstance(row[n], int | float) for row in rows)}
    kinds = [' class="n"' if n in numbers else "" for n in range(len(columns))]
    heads = (f"<th{kind}>{_text(each)}</th>" for kind, each in zip(kinds, columns, strict=True))
    yield f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for row, of in zip(rows, classes, strict=True):
        cells = (f"<td{kind}>{_text(each)}</td>" for kind, each in zip(kinds, row, strict=True))
        kind = f' class="{of}"' if of else ""
        yield f"<tr{kind}>{''.join(cells)}</tr>"
    yield "</tbody></table>"


def _coloured(colour: str, text: str) -> str:
    return f'<span class="{colour}">{_text(text)}</span>'


def _text(value: Any) -> str:
    """A value as HTML: nothing in it is markup, and what can't be seen is written as its escape."""
    text = f"{value:,}" if isinstance(value, int | float) else str(value)
    return escape(visible(text))


__all__ = ["page"]
