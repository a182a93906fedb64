"""The marking of something made of many records."""

from collections.abc import Iterable

from workbench.errors import UsageError
from workbench.model.marking import Marking
from workbench.view.asking import question
from workbench.view.view import View

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


@question
def marking_of_records(view: View, keys: Iterable[str]) -> str:
    """The marking of what is made of these records, superseded ones too.

    UsageError if the view never saw one of them: what is made of it can't be marked.
    """
    wanted = set(keys)
    known = view.markings_of(sorted(wanted))
    if wanted - known.keys():
        raise UsageError("this rests on something that is not in your view any more: begin another chart to export it")
    return marking_of(set(known.values()))
