"""The rule of combination, who may read what is marked how; and who may load.

A viewer reads what he has the level for, what is releasable to any one of his agencies, and
what all compartments of he holds. The purpose narrows: privileged records are read for the
purpose `privilege-review` only. A missing value means no access.

Loading is a right of its own, because the report of a load tells of all records of the agency.
"""

from collections.abc import Iterable
from dataclasses import replace

from workbench.access.viewer import PRIVILEGE_REVIEW, Viewer
from workbench.errors import AccessDenied
from workbench.model.marking import Marking


def may_read(viewer: Viewer, purpose: str, marking: Marking) -> bool:
    """Whether the viewer may read what carries this marking, for this purpose."""
    return (
        viewer.clearance >= marking.level
        and not viewer.agencies.isdisjoint(marking.releasable)
        and viewer.compartments >= marking.compartments
        and (purpose == PRIVILEGE_REVIEW or not marking.privileged)
    )


def may_repair(viewer: Viewer, purpose: str, agency: str, marking: Marking) -> bool:
    """Whether the viewer may see a unit that an agency has in quarantine.

    That agency's viewers only, whoever else its records are releasable to; beside that the
    same rule as for a record.
    """
    return may_read(viewer, purpose, replace(marking, releasable=frozenset({agency})))


def may_load(viewer: Viewer, agency: str) -> bool:
    """Whether the viewer may load for an agency, and so be told of all its records, whatever their marking."""
    return viewer.loads_for_all or agency in viewer.loads


def refuse_loading(viewer: Viewer, agency: str | None) -> None:
    """AccessDenied where the viewer may not load for an agency; without one, where he may for none at all."""
    if not (viewer.loads if agency is None else may_load(viewer, agency)):
        whom, named = (agency, repr(agency)) if agency else ("any agency", "its code")
        raise AccessDenied(
            f"{viewer.name} may not load for {whom}, so nothing was read: whoever keeps the viewers file gives that"
            f" right, by {named} among the viewer's `loads`"
        )


def may_read_all(viewer: Viewer, purpose: str, markings: Iterable[Marking]) -> bool:
    """Whether the viewer may read what rests on all of these (a conjunction).

    Each is checked by itself: two sets of agencies have no single equivalent. What rests on
    nothing is read by nobody.
    """
    found = list(markings)
    return bool(found) and all(may_read(viewer, purpose, marking) for marking in found)
