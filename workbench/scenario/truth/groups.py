"""The groups that no agency sees alone: communities by modularity, the union's compared with each side's."""

from dataclasses import dataclass

from workbench.scenario.grouping import Group
from workbench.scenario.truth.case import AGENCIES, Case, sets_of_agencies, smallest

_LEAST = 3


@dataclass(frozen=True, slots=True)
class JointGroups:
    """Joint groups with the smallest sets of agencies that have them; `open` are those of some best partitions only.

    Which groups are open is a matter of a plot's size and not of its seed: in a small one chains
    of equal length are cut off here as well as there.
    """

    found: list[tuple[Group, list[list[str]]]]
    open: list[Group]


def joint_groups(case: Case) -> JointGroups:
    """The union's groups of three or more that resemble no agency's own, the largest first."""
    found, unclear = [], []
    for variants in case.parts(AGENCIES):
        for group in sorted(set().union(*variants), key=lambda group: (-len(group), sorted(group))):
            sees = {chosen: _sees(case, chosen, group) for chosen in sets_of_agencies()}
            if len(group) < _LEAST or True in (sees[agency,] for agency in AGENCIES):
                continue
            if None in sees.values() or not all(group in variant for variant in variants):
                unclear.append(group)
            else:
                found.append((group, smallest(chosen for chosen, does in sees.items() if does)))
    return JointGroups(sorted(found, key=lambda each: (-len(each[0]), sorted(each[0]))), unclear)


def _sees(case: Case, agencies: tuple[str, ...], group: Group) -> bool | None:
    """Whether some agencies have a group like this; None where that is a matter of the partition."""
    found = [[any(_alike(group, other) for other in each) for each in variants] for variants in case.parts(agencies)]
    if any(all(part) for part in found):
        return True
    return None if any(any(part) for part in found) else False


def _alike(one: Group, other: Group) -> bool:
    """Whether the Jaccard of two groups is 0.5 or more."""
    return 2 * len(one & other) >= len(one | other)
