"""The marking of something made of many records."""

from collections.abc import Iterable

from workbench.model.marking import Marking
from workbench.store.view import View

NOTHING = "NO RECORDS"
NOBODY = "REL NO AGENCY AS A WHOLE"


def marking_of(markings: Iterable[Marking]) -> str:
    """What a page or file made of records says on top.

    The highest level, the agencies to which each record is releasable, all compartments, all
    handling codes.
    """
    found = list(markings)
    if not found:
        return NOTHING
    whole = Marking(
        level=max(each.level for each in found),
        releasable=frozenset.intersection(*(each.releasable for each in found)),
        compartments=frozenset().union(*(each.compartments for each in found)),
        handling=frozenset().union(*(each.handling for each in found)),
        privileged=any(each.privileged for each in found),
    )
    text = str(whole)
    return text if whole.releasable else text.replace(whole.level.name, f"{whole.level.name}//{NOBODY}", 1)


def marking_of_records(view: View, keys: Iterable[str]) -> str:
    """The marking of what is made of these records."""
    return marking_of({each.record.marking for each in view.records(sorted(set(keys)))})
