"""The generator: the same bytes for a seed, the asked number of records, truths at every size."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
from click.testing import CliRunner
from rigour.ids import get_identifier_format

from tests.scenario.reading import read_case
from tests.scenario.rows import Known
from tests.scenario.truth import PRIVILEGED, PROVIDER_ONLY, SAMPLE
from tests.scenario.world import World, path, ranking, record_counts
from workbench.commands.scenario import scenario
from workbench.errors import UsageError
from workbench.scenario import Structure, generate
from workbench.scenario.acts import driving
from workbench.scenario.generate import SALTMARSH_RECORDS, SALTMARSH_SEED, rehearse
from workbench.scenario.numbers import Numbers
from workbench.scenario.saying import PROVIDER_ONLY as KEPT
from workbench.scenario.saying import Ledger, Saying, Tally
from workbench.scenario.truth.case import Case
from workbench.scenario.truth.checks import broken
from workbench.scenario.truth.write import truth_of

_MORE = pytest.mark.night(reason="another size of the same")
MOST_BYTES = 1_000_000
WRITTEN_BY_HAND = {Path("README.md")}


def bytes_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_sample_data_is_what_its_seed_makes(tmp_path: Path) -> None:
    generate(SALTMARSH_RECORDS, SALTMARSH_SEED, tmp_path / "case")
    made, kept = bytes_of(tmp_path / "case"), bytes_of(SAMPLE)
    assert set(kept) - set(made) == WRITTEN_BY_HAND
    assert {name: kept[name] for name in made} == made


def test_sample_data_is_small() -> None:
    assert sum(map(len, bytes_of(SAMPLE).values())) <= MOST_BYTES


@pytest.mark.parametrize(
    ("records", "structure"),
    [(200, "communities"), pytest.param(1_500, "none", marks=_MORE), pytest.param(1_500, "communities", marks=_MORE)],
)
def test_same_seed_same_bytes_other_seed_other_case(tmp_path: Path, records: int, structure: Structure) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        generate(records, seed, tmp_path / name, structure)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert bytes_of(tmp_path / "a") != bytes_of(tmp_path / "c")


@pytest.mark.parametrize(
    ("records", "seed", "structure"),
    [
        *((200, 1, "communities"), (1_000, 5, "communities"), (2_000, 7, "communities"), (2_000, 7, "none")),
        *(
            pytest.param(records, seed, "communities", marks=_MORE)
            for records, seed in ((201, 2), (450, 3), (777, 4), (5_000, 6))
        ),
    ],
)
def test_truths_hold_at_any_size_by_plain_networkx(
    tmp_path: Path, records: int, seed: int, structure: Structure
) -> None:
    made = generate(records, seed, tmp_path / "case", structure)
    truth, told = json.loads(made.truth.read_text("utf-8")), read_case(made.folder)
    counts, relationships, entities = record_counts(told)
    assert sum(counts.values()) == truth["counts"]["records"] == made.records == records
    assert dict(counts) == truth["counts"]["records_by_agency"]
    assert dict(relationships) == truth["counts"]["relationships"]
    assert dict(entities) == truth["counts"]["entities_before_resolution"]
    union = World([row for row in told if row.code != PRIVILEGED])
    assert len(set(union.canonical.values())) == truth["counts"]["canonical"]
    sources = {row["entity"]: [(s["agency"], s["source_id"]) for s in row["sources"]] for row in truth["entities"]}
    at = {key: union.canonical[those[0]] for key, those in sources.items()}
    plot = {union.canonical[seen] for those in sources.values() for seen in those if seen in union.canonical}
    persons, everything = union.persons(), union.everything()
    assert ranking(persons.subgraph(plot))[0] == at["broker"]
    for graph in (persons, everything):  # what is true of the plot's own part is true whatever is around it
        assert all(not set(graph[name]) - plot for name in plot if name in graph)
    assert len(path(union.everything(), at["recruiter"], at["landlord"])) == 6
    planted = truth["planted"]["common_values"]["values"]
    assert sorted(n for who, n in union.common.items() if who in plot) == sorted(row["n"] for row in planted)
    around = truth["scenario"].get("background", {"persons": 0, "ties_between_persons": 0, "common_values": {}})
    others = Counter(union.kinds[who] for who in union.common if who not in plot)
    assert others == around["common_values"]
    assert persons.subgraph(set(persons) - plot).number_of_edges() == around["ties_between_persons"]
    assert sum(union.kinds[who] == "Person" for who in set(union.kinds) - plot) == around["persons"]
    shown = World([row for row in told if row.code not in (PRIVILEGED, PROVIDER_ONLY)])
    ends = [shown.canonical[sources[key][0]] for key in ("recruiter", "landlord")]
    assert path(shown.everything(), *ends) == []


def test_who_says_who_every_source_id_is(tmp_path: Path) -> None:
    made = generate(1_200, 8, tmp_path / "case")
    with (made.folder / "who.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {(row.agency, row.id) for row in read_case(made.folder) if isinstance(row, Known)}
    assert known <= {(row["agency"], row["source_id"]) for row in rows}
    assert len({(row["agency"], row["source_id"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("records", [-1, 199, 10_000_001])
def test_a_number_out_of_bounds_is_refused(tmp_path: Path, records: int) -> None:
    with pytest.raises(UsageError, match="from 200 to 10000000"):
        generate(records, 1, tmp_path / "case")
    assert not (tmp_path / "case").exists()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", "utf-8")
    with pytest.raises(UsageError, match="not empty"):
        generate(200, 1, tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.txt"]


# -- a plan whose truths fail is refused ----------------------------------------------------------------


def without(case: Case, said: list[Saying]) -> list[str]:
    """What is broken once the case lacks some records."""
    ledger = Ledger()
    ledger.records = [one for one in case.ledger.records if one not in said]
    ledger.who, ledger.kinds = case.ledger.who, case.ledger.kinds
    poorer = Case(case.stage, ledger)
    return broken(poorer, truth_of(poorer, Tally(), 0))


def test_a_whole_plan_is_not_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    assert without(case, []) == []


def test_a_plan_without_the_calls_to_the_broker_is_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    calls = case.ties("Call", "RJP", caller="phone-recruiter", receiver="phone-broker")
    assert calls
    found = without(case, calls)
    assert "the broker is not the only common neighbour of recruiter and landlord" in found
    assert "the broker bridges 3 groups, not four" in found


def test_a_plan_without_the_cashiers_van_is_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    found = without(case, case.ties("Holding", "NKP", holder="cashier", held="van-1"))
    assert "driver and cashier are tied in one agency's own file, or not at all" in found


def test_a_plan_in_which_kition_keeps_nothing_is_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    ledger = Ledger()
    ledger.records = [one._replace(marking="all") if one.marking == KEPT else one for one in case.ledger.records]
    ledger.who, ledger.kinds = case.ledger.who, case.ledger.kinds
    open_case = Case(case.stage, ledger)
    wrong = broken(open_case, truth_of(open_case, Tally(), 0))
    assert "Noordkust sees the path before Kition agrees" in wrong
    assert "Noordkust sees the broker among the first 10 before Kition agrees" in wrong


def test_a_plan_whose_common_values_are_too_few_is_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    fewer = replace(case.stage.size, payers=0)
    changed = Case(replace(case.stage, size=fewer), case.ledger)
    assert "the common values are not those that were planted" in broken(changed, truth_of(changed, Tally(), 0))


def test_a_whole_plan_whose_groups_depend_on_the_partition_is_refused() -> None:
    case = rehearse(SALTMARSH_RECORDS, 3)
    truth = truth_of(case, Tally(), 0)
    assert broken(case, truth) == []
    truth["questions"]["2"]["open_groups"] = [["accountant", "agent", "holder-4"]]
    assert broken(case, truth) == ["which groups no agency sees alone depends on which of the best partitions is taken"]


def test_a_refused_seed_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Driver and cashier have the van on one day: their tie is no hidden one."""
    for limit in ("_FIRST_DAY", "_BEFORE_THE_CASHIER"):
        monkeypatch.setattr(driving, limit, date(2026, 3, 26))
    with pytest.raises(UsageError, match="seed 4 makes no plot of 953 records: driver and cashier"):
        generate(SALTMARSH_RECORDS, 4, tmp_path / "case")
    assert not (tmp_path / "case").exists()


# -- numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["nl", "bg", "cy", "ma"])
def test_phones_are_valid_in_their_country_and_none_comes_twice(country: str) -> None:
    numbers = Numbers(1)
    made = [numbers.next("phone", country) for _ in range(2_000)]
    assert len(set(made)) == len(made)
    for text in made:
        parsed = phonenumbers.parse(text)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.region_code_for_number(parsed) == country.upper()


@pytest.mark.parametrize("country", ["nl", "bg", "cy"])
def test_ibans_have_their_check_digits(country: str) -> None:
    numbers = Numbers(2)
    made = [numbers.next("iban", country) for _ in range(500)]
    assert len(set(made)) == len(made)
    known = get_identifier_format("iban")
    assert known is not None
    assert all(known.is_valid(text) for text in made)


@pytest.mark.parametrize("kind", ["plate", "passport", "company"])
def test_series_repeat_nothing_and_depend_on_the_seed(kind: str) -> None:
    made = [Numbers(seed).next(kind, "bg") for seed in range(20)]
    numbers = Numbers(3)
    series = [numbers.next(kind, "bg") for _ in range(3_000)]
    assert len(set(series)) == len(series)
    assert len(set(made)) > 10


def test_agencies_write_in_their_own_scripts() -> None:
    persons = {agency: (SAMPLE / agency / "persons.csv").read_bytes() for agency in ("TRC", "KFIU", "RJP")}
    assert "Иван Петров;" in persons["TRC"].decode("windows-1251")
    assert "Μοχαμεντ Αλαουι" in persons["KFIU"].decode("utf-8")
    assert "Mohamed Alaoui,محمد العلوي" in persons["RJP"].decode("utf-8")
    plates = (SAMPLE / "TRC" / "vehicles.csv").read_text("windows-1251")
    assert "СВ " in plates


# -- the command -------------------------------------------------------------------------------------------


def test_the_command_takes_the_structure_and_says_it(tmp_path: Path) -> None:
    out = tmp_path / "case"
    asked = ["--records", "1500", "--seed", "3", "--structure", "none", "--out", str(out), "--json"]
    done = CliRunner().invoke(scenario, asked)
    assert json.loads(done.stdout) == {"out": str(out), "records": 1500, "seed": 3, "structure": "none"}
    told = json.loads((out / "truth.json").read_text("utf-8"))["scenario"]
    assert (told["cells"], told["background"]["structure"]) == (1, "none")
    assert "tail" not in told["background"]
    refused = CliRunner().invoke(scenario, ["--structure", "some", "--out", str(tmp_path / "other")])
    assert refused.exit_code == 2
    assert not (tmp_path / "other").exists()
