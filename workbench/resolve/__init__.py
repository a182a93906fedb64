"""Resolution: which entities are the same, people's judgements, and values too common to join anybody."""

from workbench.resolve.batch import Judged, judge_all
from workbench.resolve.common import CommonValue, common_values
from workbench.resolve.contradictions import Contradiction, contradictions, contradictions_of
from workbench.resolve.explain import Report, explain, report
from workbench.resolve.judgements import judge, undo
from workbench.resolve.listing import add_common, remove_common
from workbench.resolve.remarking import remark
from workbench.view.checking import ClustersToCheck, Shape, ToCheck, clusters_to_check, to_check
from workbench.view.proposing import Proposal, may_also_be, proposals
from workbench.view.who import judgements_of

__all__ = [
    "ClustersToCheck",
    "CommonValue",
    "Contradiction",
    "Judged",
    "Proposal",
    "Report",
    "Shape",
    "ToCheck",
    "add_common",
    "clusters_to_check",
    "common_values",
    "contradictions",
    "contradictions_of",
    "explain",
    "judge",
    "judge_all",
    "judgements_of",
    "may_also_be",
    "proposals",
    "remark",
    "remove_common",
    "report",
    "to_check",
    "undo",
]
