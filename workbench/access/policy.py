"""Access rules: which markings a viewer may read, and for which agencies he may load.

A viewer reads a record if he has its level, acts for any one of the agencies it is releasable to,
and holds all of its compartments. Privileged records are read for the purpose `privilege-review`
only. A missing value means no access.

Loading is a separate right, because the report of a load covers all records of the agency.
"""

from dataclasses import replace

from workbench.access.viewer import EVERY_AGENCY, PRIVILEGE_REVIEW, Viewer
from workbench.errors import AccessDenied, UsageError
from workbench.model.marking import Marking


def may_read(viewer: Viewer, purpose: str, marking: Marking) -> bool:
    """Whether the viewer may read a record with this marking for this purpose."""
    return (
        viewer.clearance >= marking.level
        and not viewer.agencies.isdisjoint(marking.releasable)
        and viewer.compartments >= marking.compartments
        and (purpose == PRIVILEGE_REVIEW or not marking.privileged)
    )


def may_repair(viewer: Viewer, purpose: str, agency: str, marking: Marking) -> bool:
    """Whether the viewer may see a unit in an agency's quarantine.

    The rule is the same as for a record, but only viewers of that agency pass, whoever else the
    record is releasable to.
    """
    return may_read(viewer, purpose, replace(marking, releasable=frozenset({agency})))


def may_load(viewer: Viewer, agency: str) -> bool:
    """Whether the viewer may load for an agency, and so get reports that cover all its records."""
    return viewer.loads_for_all or agency in viewer.loads


def refuse_loading(viewer: Viewer, agency: str | None) -> None:
    """AccessDenied if the viewer may not load for the agency; for None, if he may load for no agency at all."""
    if not (viewer.loads if agency is None else may_load(viewer, agency)):
        whom, named = (agency, repr(agency)) if agency else ("any agency", "its code")
        raise AccessDenied(
            f"{viewer.name} may not load for {whom}, so nothing was read: whoever keeps the viewers file gives that"
            f" right by adding {named} to the viewer's `loads`",
            "agency",
        )


def refuse_training(viewer: Viewer) -> None:
    """AccessDenied if the viewer may not load for every agency: a new model ends what was scored for all of them."""
    if not viewer.loads_for_all:
        raise AccessDenied(
            f"{viewer.name} may not train a model, as it ends the scores of every agency: whoever keeps the viewers"
            f" file gives that right with `loads = [{EVERY_AGENCY!r}]`",
            "train",
        )


def refuse_to_lock_out(marking: Marking, owner: str) -> None:
    """UsageError if a marking that a person gives shuts the owner out: nobody there could see or mend it again."""
    if owner not in marking.releasable:
        named = ",".join(sorted({owner, *marking.releasable}))
        raise UsageError(
            f"the marking {marking} is not releasable to {owner}, so {owner} itself could never see or correct it:"
            f" write REL {named}",
            "marking",
        )
