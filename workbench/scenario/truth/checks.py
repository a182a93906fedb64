"""What must be true of a plot before it may be handed out."""

from collections.abc import Iterator
from typing import Any

from workbench.scenario.picture import Picture, ranked
from workbench.scenario.stage import SALTMARSH
from workbench.scenario.truth.case import AGENCIES, Case
from workbench.scenario.truth.planted import KEY_PLAYERS

Row = dict[str, Any]
_MOST_TIES_IN_FILE = 2


def broken(case: Case, truth: Row) -> list[str]:
    """The truths that do not hold, in words; [] where all do."""
    return [
        *_of_the_broker(case, truth),
        *_of_the_path(case, truth),
        *_of_the_traps(case, truth),
        *_of_the_groups(case, truth),
        *_of_the_rest(truth),
    ]


def _of_the_broker(case: Case, truth: Row) -> Iterator[str]:
    row = truth["planted"]["broker"]
    if row["first"][0]["entity"] != "broker" or row["first"][0]["betweenness"] <= row["first"][1]["betweenness"]:
        yield "the broker is not first by betweenness"
    for agency in AGENCIES:
        if len(row["ties_in_file"][agency]) > _MOST_TIES_IN_FILE:
            yield f"the broker has more than two ties in {agency}'s file"
        if "broker" in row["first_in_file"][agency]:
            yield f"the broker is among the first {KEY_PLAYERS} of {agency}'s file"
    if len(row["groups"]) != len(AGENCIES):
        yield f"the broker bridges {len(row['groups'])} groups, not four"
    if ranked(case.names_compared.between_persons(everybody=False))[0] != "broker":
        yield "the broker is no longer first once names are compared"


def _of_the_path(case: Case, truth: Row) -> Iterator[str]:
    row = truth["questions"]["1"]
    if row["common_neighbours"] != ["broker"] or len(row["persons"]) != 3:
        yield "the broker is not the only common neighbour of recruiter and landlord"
    if len(row["all"]) != 6:
        yield "the path in the graph of all ties is not of five ties"
    if row["breaks_without"] != ["KFIU", "NKP", "RJP"]:
        yield f"the path breaks without each of {row['breaks_without']}"
    kept = truth["planted"]["withheld"]
    if kept["path_before"]:
        yield "Noordkust sees the path before Kition agrees"
    if (kept["rank_of_broker_before"] or KEY_PLAYERS + 1) <= KEY_PLAYERS:
        yield f"Noordkust sees the broker among the first {KEY_PLAYERS} before Kition agrees"
    if not _apart(case.names_compared):
        yield "the broker is not the only common neighbour once names are compared"


def _apart(picture: Picture) -> bool:
    ties = picture.between_persons(everybody=True)
    return ties["recruiter"] & ties["landlord"] == {"broker"}


def _of_the_traps(case: Case, truth: Row) -> Iterator[str]:
    row, size = truth["planted"]["common_values"], case.stage.size
    planted = {"Address": size.at_agent, "BankAccount": size.payers, "Phone": size.callers}
    if {value["kind"] for value in row["values"]} != {kind for kind, many in planted.items() if many}:
        yield "the common values are not those that were planted"
    if size.callers and (
        row["naive_first"] == ["broker"] or len(row["naive_path"]) >= len(truth["questions"]["1"]["all"])
    ):
        yield "counting common values does not mislead"
    if case.union.mistaken:
        yield f"taken for one another: {sorted(case.union.mistaken)}"


def _of_the_groups(case: Case, truth: Row) -> Iterator[str]:
    if case.stage.size == SALTMARSH and truth["questions"]["2"]["open_groups"]:
        yield "which groups no agency sees alone depends on which of the best partitions is taken"


def _of_the_rest(truth: Row) -> Iterator[str]:
    rows = truth["planted"]
    if ["cashier", "driver"] not in [tie["between"] for tie in truth["questions"]["2"]["ties"]]:
        yield "driver and cashier are tied in one agency's own file, or not at all"
    if rows["innocent_cluster"] and (
        rows["innocent_cluster"]["density"] < 1 or rows["innocent_cluster"]["ties_to_others"]
    ):
        yield "the football team is no group of its own"
    if rows["correction"] and (len(rows["correction"]["path_before"]) != 2 or rows["correction"]["path_after"]):
        yield "the path by the misread plate does not come and go"
    days = rows["hidden_tie"]["days"]
    if set(days["driver"]) & set(days["cashier"]) or not all(days.values()):
        yield "driver and cashier use the van on one day"
