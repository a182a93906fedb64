"""The marking of something that is made of many records."""

from collections.abc import Iterable

from workbench.errors import UsageError
from workbench.model.marking import Marking
from workbench.view.asking import question
from workbench.view.view import View

NOTHING = "NO RECORDS"
NOBODY = "REL NO AGENCY AS A WHOLE"


def marking_of(markings: Iterable[Marking]) -> str:
    """The text of the marking on a page or file made of records with these markings.

    It has the highest level, the agencies to which every record is releasable, all compartments, and
    all handling codes.
    """
    marked = list(markings)
    if not marked:
        return NOTHING
    whole = Marking(
        level=max(each.level for each in marked),
        releasable=frozenset.intersection(*(each.releasable for each in marked)),
        compartments=frozenset().union(*(each.compartments for each in marked)),
        handling=frozenset().union(*(each.handling for each in marked)),
        privileged=any(each.privileged for each in marked),
    )
    text = str(whole)
    return text if whole.releasable else text.replace(whole.level.name, f"{whole.level.name}//{NOBODY}", 1)


@question
def marking_of_records(view: View, keys: Iterable[str]) -> str:
    """The marking of something that is made of these records, superseded ones included.

    UsageError if this view never had one of them, so that the marking can't be known.
    """
    wanted = set(keys)
    known = view.markings_of(sorted(wanted))
    if wanted - known.keys():
        raise UsageError("this rests on a record that is no longer in your view: begin a new chart to export it")
    return marking_of(set(known.values()))
