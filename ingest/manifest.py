"""Manifests, settled with the options of a load.

The format is in `docs/manifest.md`, its models in `ingest.specs`.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ingest.fields import WIDE_ENCODINGS, AgencyCode, places
from ingest.specs import (
    BasisColumn,
    BasisSpec,
    FileSpec,
    GradeSpec,
    LabelSpec,
    ManifestSpec,
    RecordSpec,
    RoleSpec,
    TypeSpec,
    ValueSpec,
    When,
)
from workbench.errors import FileRefused, InputError, UsageError
from workbench.model.grade import Grade, parse_grade
from workbench.model.marking import Level, Marking, both_markings, parse_marking
from workbench.model.record import Basis, Dataset

LOCAL = "LOCAL"
DEFAULT_MARKING = "SECRET"

# What stands after COMP, however it is written there, up to another part of a marking or the end.
_COMPARTMENTS = re.compile(
    r"(?<![A-Z0-9])COMP(?![A-Z0-9])[\W_]*(.*?)(?=//|\b(?:REL|COMP|HC|PRIVILEGED)\b|$)", re.ASCII | re.DOTALL
)
_COMPARTMENT = re.compile(r"[A-Z0-9][A-Z0-9_-]*")

# The compartment of what speaks of one whose name can't be read: nobody is in it.
_UNREADABLE = "UNREADABLE"


class Handling(NamedTuple):
    """How a record is to be handled, what it rests on, and which part of its unit it is."""

    marking: Marking
    basis: Basis
    grade: Grade | None
    part: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest with the options of a load folded in; `origin` names it in messages."""

    spec: ManifestSpec
    origin: str
    agency: str
    marking: Marking
    dataset: str | None

    @property
    def source(self) -> Dataset:
        """The dataset of the records; only once it has a name (`within`)."""
        if self.dataset is None:
            raise UsageError("a manifest without a dataset: name one", "dataset")
        return Dataset(self.agency, self.dataset)

    def within(self, dataset: str) -> "Manifest":
        """This manifest for a dataset of that name, if none is named yet."""
        return self if self.dataset else replace(self, dataset=dataset)

    def file(self, name: str) -> FileSpec | None:
        """What is said about files of a name (or member of a zip): the first pattern that fits, in any case."""
        last = PurePosixPath(name.rpartition("!")[2]).name.lower()
        return next((each for each in self.spec.files if fnmatchcase(last, each.pattern.lower())), None)

    def written(self, name: str) -> FileSpec:
        """What is said about files of a name, or what holds where nothing is."""
        return self.file(name) or FileSpec(pattern="*")

    def handling(self, name: str) -> Handling:
        """What all records of a file have in common that has no columns for it.

        FileRefused where the manifest says that there are such columns.
        """
        spec = self.written(name)
        if spec.handling_columns() or spec.records:
            message = (
                f"{name}: {self.origin}, [[files]] {spec.pattern}: this adapter has no columns and no records to map"
            )
            raise FileRefused("bad manifest", message)
        basis, grade = spec.basis or self.spec.basis, spec.grade or self.spec.grade
        return Handling(
            parse_marking(spec.marking, self.agency) if spec.marking else self.marking,
            Basis(basis) if isinstance(basis, str) else Basis.FACT,
            parse_grade(grade.scheme, grade.value) if grade and grade.value else None,
            part_prefix(spec) if spec.complete else "",
        )

    def said(self, record: RecordSpec | None, spec: FileSpec) -> tuple[str | None, Marking]:
        """The column that a record's marking comes from, or else its marking: the innermost that says one."""
        said = next((each for each in (record, spec) if each and (each.marking_column or each.marking)), None)
        if said is None:
            return None, self.marking
        return said.marking_column, parse_marking(said.marking, self.agency) if said.marking else self.marking

    def strictest(self, name: str, raw: bytes, header: bytes = b"") -> Marking:
        """What a unit of a file asks for whose own marking can't be read: all that any could ask for.

        Where a column says the markings, that is SECRET, the agency only, with all that [markings]
        and the unit itself speak of; it is taken apart at its delimiters where it has as many cells as its header.
        """
        spec = self.written(name)
        said = [self.said(record, spec) for record in spec.records or (None,)]
        found = [marking for column, marking in said if column is None]
        if len(found) < len(said):
            codes = [parse_marking(text, self.agency) for text in self.spec.markings.values()]
            texts = _texts(raw, header, spec.delimiter)
            found += [self.marking, *codes, Marking(Level.SECRET, frozenset({self.agency}), _compartments(texts))]
        return reduce(lambda a, b: both_markings(a, b, self.agency), found)


def _texts(raw: bytes, header: bytes, delimiter: str) -> list[str]:
    """The cells of a unit, or all of it where it is not cut as its header is; as far as they are ASCII."""
    text, names = (each.replace(b"\0", b"").decode("latin-1").strip("\r\n") for each in (raw, header))
    try:
        cells, named = (next(csv.reader((each,), delimiter=delimiter, strict=True), []) for each in (text, names))
    except csv.Error:
        return [text]
    return cells if len(cells) == len(named) else [text]


def _compartments(texts: Iterable[str]) -> frozenset[str]:
    """The compartments that texts speak of: rather words that are none than one too few."""
    found = [_COMPARTMENT.findall(listed) for text in texts for listed in _COMPARTMENTS.findall(text.upper())]
    return frozenset(code for codes in found for code in codes or [_UNREADABLE])


def part_prefix(spec: FileSpec) -> str:
    """How the parts of all records of a file begin: absence from a delivery is per pattern."""
    return f"{spec.pattern}:"


def read_manifest(path: Path) -> ManifestSpec:
    """Read and check a manifest; InputError names the file, the place and what to do."""
    try:
        return ManifestSpec.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise InputError(f"manifest {path}: {error.strerror or error}: name a file that can be read") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"manifest {path} is no TOML: {error}") from error
    except ValidationError as error:
        raise InputError(f"manifest {path}: {described(error)}") from error


def settle(
    spec: ManifestSpec | None,
    origin: str,
    *,
    agency: str | None = None,
    dataset: str | None = None,
    marking: str | None = None,
) -> Manifest:
    """Fold the options of a load into a manifest (None: there is none).

    The manifest's marking comes before the option's, then SECRET for the loading agency
    only; a dataset named by option comes before the manifest's. UsageError where option and
    manifest name two agencies.
    """
    spec = spec or ManifestSpec()
    if agency and spec.agency and agency != spec.agency:
        raise UsageError(f"agency {agency} was named, and {origin} says {spec.agency}: one of them is wrong", "agency")
    loading = _checked_agency(agency or spec.agency or LOCAL)
    try:
        parsed = parse_marking(spec.marking or marking or DEFAULT_MARKING, loading)
    except InputError as error:
        raise UsageError(error.message, error.field) from error
    return Manifest(spec, origin, loading, parsed, _checked_dataset(dataset or spec.dataset))


def _checked_agency(code: str) -> str:
    try:
        return TypeAdapter[str](AgencyCode).validate_python(code)
    except ValidationError as error:
        raise UsageError(f"agency {code!r}: {described(error)}", "agency") from error


def _checked_dataset(name: str | None) -> str | None:
    if name is not None and (not name.isprintable() or not name.strip()):
        raise UsageError(f"dataset {name!r}: give a name of printable characters", "dataset")
    return name


def described(error: ValidationError) -> str:
    """The first complaint with its place in the file, such as `files[0].records[1].schema`."""
    first: Any = error.errors()[0]
    message = str(first["msg"]).removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    place = _place(first["loc"])
    return f"{place}: {message}{more}" if place else f"{message}{more}"


def _place(steps: Sequence[int | str]) -> str:
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


__all__ = [
    "WIDE_ENCODINGS",
    "BasisColumn",
    "BasisSpec",
    "FileSpec",
    "GradeSpec",
    "Handling",
    "LabelSpec",
    "Manifest",
    "ManifestSpec",
    "RecordSpec",
    "RoleSpec",
    "TypeSpec",
    "ValueSpec",
    "When",
    "described",
    "part_prefix",
    "places",
    "read_manifest",
    "settle",
]
