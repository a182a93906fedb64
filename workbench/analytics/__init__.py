"""Analyses: pure functions of a view and a question, each answering with a finding."""

from workbench.analytics.communities import communities
from workbench.analytics.finding import Finding
from workbench.analytics.graph import networkx_graph
from workbench.analytics.joint_value import joint_value
from workbench.analytics.key_players import key_players
from workbench.analytics.paths import paths
from workbench.analytics.predict import predict
from workbench.analytics.projection import projection_names

__all__ = [
    "Finding",
    "communities",
    "joint_value",
    "key_players",
    "networkx_graph",
    "paths",
    "predict",
    "projection_names",
]
