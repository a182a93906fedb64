"""A whole manifest."""

from collections.abc import Mapping
from functools import cached_property

from pydantic import Field, model_validator

from ingest.fields import AgencyCode, Country, MarkingText, Text, Timezone
from ingest.specs.files import FileSpec
from ingest.specs.graph import LabelSpec, TypeSpec
from ingest.specs.handling import BasisColumn, Handled
from workbench.model.tables import refuse


class ManifestSpec(Handled):
    """A whole manifest."""

    adapter: Text | None = None
    agency: AgencyCode | None = None
    dataset: Text | None = None
    country: Country | None = None
    timezone: Timezone | None = None
    markings: dict[str, MarkingText] = Field(default_factory=dict)
    files: tuple[FileSpec, ...] = ()
    labels: dict[str, LabelSpec] = Field(default_factory=dict)
    types: dict[str, TypeSpec] = Field(default_factory=dict)
    questions: tuple[str, ...] = ()

    @cached_property
    def has_patterns(self) -> bool:
        """Whether it has a regular expression, which a hostile text may make work for ever."""
        return _has_patterns(self.model_dump(exclude_defaults=True))

    @model_validator(mode="after")
    def _for_all(self) -> "ManifestSpec":
        refuse(f"open question: {each}; answer it here, then delete it from `questions`" for each in self.questions)
        if (
            self.marking_column
            or self.stricter
            or isinstance(self.basis, BasisColumn)
            or (self.grade and self.grade.column)
        ):
            raise ValueError("columns belong to files and records: name them there")
        if len({each.pattern for each in self.files}) != len(self.files):
            raise ValueError("two [[files]] have the same pattern: only the first would be used")
        return self


# Where regular expressions stand.
_PATTERNS = frozenset({"take", "matches", "trailer"})


def _has_patterns(said: object) -> bool:
    if isinstance(said, Mapping):
        split = said.get("split")
        is_one = isinstance(split, Mapping) or not _PATTERNS.isdisjoint(said)
        return is_one or any(map(_has_patterns, said.values()))
    return isinstance(said, list | tuple) and any(map(_has_patterns, said))
