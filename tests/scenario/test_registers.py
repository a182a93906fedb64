"""Registers of five agencies: the same bytes for a seed, the noise that is stated, and a truth that fits the files."""

import csv
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from contextlib import closing
from itertools import islice
from pathlib import Path

import phonenumbers
import pytest
from click.testing import CliRunner

from benchmarks.resolution.registers import said, truth
from tests.scenario.loading import load_case
from tests.scenario.test_generate import bytes_of
from tests.stores import leased
from workbench.access.viewer import Viewer
from workbench.commands.scenario import scenario
from workbench.errors import UsageError
from workbench.model.text import romanise
from workbench.scenario.numbers import Numbers
from workbench.scenario.registers import generate_registers
from workbench.scenario.registers.agencies import COMPANIES, PERSONS, Agency, agencies
from workbench.scenario.registers.calling import Clerk, called
from workbench.scenario.registers.dates import SHARES, stated
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.firms import firms, say_firm
from workbench.scenario.registers.people import COUNTRIES, CULTURES, Citizen, People
from workbench.scenario.registers.saying import say
from workbench.scenario.registers.slips import mistyped, slipped
from workbench.scenario.registers.spelling import heard, official
from workbench.view.store import open_store

_MANY, _SEED = 4_000, 11
CODES = {agency.code for agency in agencies()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_registers(_MANY, _SEED, tmp_path_factory.mktemp("registers") / "made").folder


@pytest.fixture(scope="module")
def people() -> list[Citizen]:
    return list(islice(People(_SEED), 6_000))


def test_same_seed_same_bytes_other_seed_other_registers(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        generate_registers(300, seed, tmp_path / name)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert bytes_of(tmp_path / "a") != bytes_of(tmp_path / "c")


def test_all_of_it_loads(folder: Path, tmp_path: Path) -> None:
    with leased(tmp_path) as url, closing(open_store(url)) as store:
        files = [file for report in load_case(store, folder) for file in report.files]
        view = store.view(Viewer(name="v", agencies=frozenset(CODES), level="SECRET", purposes=("investigation",)))
        assert sum(1 for _ in view.clusters()) == _MANY + _MANY // 20
    assert {(file.quarantined, file.refused, file.left, file.read - file.accepted) for file in files} == {(0, 0, 0, 0)}
    reasons = sum((Counter(file.reasons) for file in files), Counter[str]())
    assert set(reasons) <= {"phone not cleaned: phone"}
    assert reasons.total() < _MANY * 0.005  # those that were mistyped


def test_the_truth_names_every_record_once(folder: Path) -> None:
    for kind, many in ((PERSONS, _MANY), (COMPANIES, _MANY // 20)):
        sources = [source for agency in agencies() for source in _sources(folder, agency.code, kind)]
        who, how = truth(folder, kind), dict(said(folder, kind))
        assert len(sources) == len(set(sources)) == many
        assert set(sources) == set(who) == set(how)
        assert {record.partition("/")[0] for record in who} == CODES


def _sources(folder: Path, code: str, kind: str) -> list[str]:
    (agency,) = (each for each in agencies() if each.code == code)
    with (folder / code / f"{kind}.csv").open(encoding=agency.encoding, newline="") as lines:
        rows = list(csv.reader(lines, delimiter=agency.delimiter))
    assert rows[0] == list(agency.columns[kind])
    return [f"{code}/{row[0]}" for row in rows[1:]]


def test_fields_are_given_and_noisy_as_often_as_stated(folder: Path) -> None:
    how = [row for _, row in said(folder)]
    shares = {field: sum(row[field] != "-" for row in how) / _MANY for field in ("phone", "email", "document", "birth")}
    assert shares == pytest.approx({"phone": 0.45, "email": 0.2, "document": 0.3, "birth": 0.955}, abs=0.03)
    assert 0.16 < sum(row["birth"] != "t" for row in how) / _MANY < 0.24
    letters = Counter(letter for row in how for letter in row["name"])
    noisy = {letter: letters[letter] / _MANY for letter in "tsnih"}
    assert noisy == pytest.approx({"t": 0.105, "s": 0.05, "n": 0.05, "i": 0.028, "h": 0.12}, abs=0.025)


def test_persons_have_several_records_and_many_are_in_two_scripts(folder: Path) -> None:
    agencies_of = defaultdict[str, set[str]](set)
    for record, entity in truth(folder).items():
        agencies_of[entity].add(record.partition("/")[0])
    several = [each for each in agencies_of.values() if len(each) > 1]
    assert len(several) > 0.25 * len(agencies_of)
    assert sum(bool(each & {"TRC", "KFIU"} and each & {"NKP", "RJP", "HZF"}) for each in several) > 0.3 * len(several)


def test_the_letters_of_a_field_are_about_its_value(folder: Path) -> None:
    """Records of one person that give the same phone by their letters have the same digits, mistyped ones others."""
    (agency,) = (each for each in agencies() if each.code == "KFIU")
    with (folder / "KFIU/persons.csv").open(encoding="utf-8", newline="") as lines:
        phones = {f"KFIU/{row['πρόσωπο']}": row["τηλέφωνο"] for row in csv.DictReader(lines)}
    who, how = truth(folder), dict(said(folder))
    found = defaultdict[tuple[str, str], set[str]](set)
    for record, phone in phones.items():
        letter = how[record]["phone"]
        assert (letter == "-") == (phone == "")
        if letter in "12":
            number = phonenumbers.parse(phone, agency.country.upper())
            found[who[record], letter].add(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    assert found
    assert {len(each) for each in found.values()} == {1}


# -- people ------------------------------------------------------------------------------------------


def test_there_are_twins_and_sons_with_their_fathers_names(people: list[Citizen]) -> None:
    homes = defaultdict[int, list[Citizen]](list)
    for person in people:
        homes[id(person.home)].append(person)
    pairs = [(a, b) for home in homes.values() for a in home for b in home if a.key < b.key]
    assert any(a.born == b.born and a.family == b.family and a.given != b.given for a, b in pairs)
    assert any(
        a.given[0] == b.given[0] and a.family == b.family and abs(a.born - b.born).days > 6_000 for a, b in pairs
    )


def test_there_are_namesakes_double_names_and_married_names(people: list[Citizen]) -> None:
    names = Counter((person.given, person.family) for person in people)
    assert max(names.values()) > 2
    assert sum(many == 1 for many in names.values()) > 0.7 * len(names)
    assert any(len(person.given) == 2 for person in people)
    wives = [person for person in people if person.married]
    assert {person.joins for person in wives} == {True, False}
    assert {person.sex for person in wives} == {"female"}


def test_every_culture_is_there_and_nothing_of_ones_own_is_anybody_elses(people: list[Citizen]) -> None:
    assert {person.culture for person in people} == set(CULTURES)
    for own in ("phones", "emails", "documents"):
        values = [value for person in people for value in getattr(person, own)]
        assert len(values) == len(set(values))


@pytest.mark.parametrize("kind", ["phone", "company phone"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_phones_are_valid(kind: str, country: str) -> None:
    numbers = Numbers(_SEED)
    for _ in range(200):
        number = phonenumbers.parse(numbers.next(kind, country))
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.region_code_for_number(number) == country.upper()


# -- noise -------------------------------------------------------------------------------------------


def test_names_are_spoilt_without_the_normalisers_tables_or_libraries() -> None:
    code = "import sys, workbench.scenario.registers; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    normalisers = (
        "workbench.model",
        "workbench.resolve",
        "rigour",
        "normality",
        "icu",
        "followthemoney",
        "phonenumbers",
    )
    assert [name for name in loaded if name.startswith(normalisers)] == []


@pytest.mark.parametrize(
    ("name", "language", "clerk", "ways"),
    [
        ("Щербаков", "russian", "german", {"Schtscherbakow", "Schtscherbakov"}),
        ("Чешмеджиев", "bulgarian", "dutch", {"Tsjesjmedzjiev"}),
        ("Chouaib", "moroccan", "english", {"Shuaib", "Shuayb"}),
        ("Παπαδόπουλος", "greek", "french", {"Papadopoulos"}),
        ("Wim", "dutch", "bulgarian", {"Вим"}),
    ],
)
def test_a_name_is_heard_in_ways_that_people_write(name: str, language: str, clerk: str, ways: set[str]) -> None:
    dice = Dice(1, name)
    assert {heard(name, language, clerk, dice) for _ in range(400)} & ways


def test_what_is_heard_is_mostly_not_what_the_normaliser_makes() -> None:
    dice, names = (
        Dice(1, "names"),
        ("Чешмеджиев", "Вълчев", "Юрий", "Железаров", "Христо", "Дърваров", "Цветан", "Шумаров"),
    )
    same = [
        heard(name, "bulgarian", by, dice).lower() == romanise(name) for name in names for by in ("german", "french")
    ]
    assert sum(same) < len(same) / 4


@pytest.mark.parametrize(
    ("name", "standard", "latin"),
    [
        ("Вълчев", "bulgarian", "Valchev"),
        ("Юрій", "ukrainian", "Yurii"),
        ("Юрий", "russian", "Iurii"),
        ("Журавль", "iso_9", "Zuravl"),
        ("Παπαδόπουλος", "greek", "Papadopoulos"),
        ("Ευάγγελος", "greek", "Evangelos"),
        ("Müller", "german", "Mueller"),
    ],
)
def test_passports_follow_the_standards_of_their_states(name: str, standard: str, latin: str) -> None:
    assert official(name, standard, Dice(1, "")) == latin


# Letters of names and addresses; some Moroccan names are in their own, and a company may be an Ltd.
_LETTERS = {
    "TRC": {"CYRILLIC"},
    "KFIU": {"GREEK", "LATIN"},
    "NKP": {"LATIN"},
    "RJP": {"LATIN", "ARABIC"},
    "HZF": {"LATIN"},
}


@pytest.mark.parametrize("agency", agencies(), ids=lambda agency: agency.code)
def test_every_agency_writes_its_own_letters(agency: Agency, people: list[Citizen]) -> None:
    dice, companies = Dice(1, "letters"), list(islice(firms(_SEED), 1_500))
    told = [say(each, agency, "1", dice)[0] for each in people[:1_500]]
    told += [say_firm(each, agency, "1", dice)[0] for each in companies]
    for fields in told:
        text = "".join(fields.get(name, "") for name in ("whole", "given", "family", "father", "address"))
        assert {unicodedata.name(char).split()[0] for char in text if char.isalpha()} <= _LETTERS[agency.code], text
        text.encode(agency.encoding)


def test_slips_change_one_place() -> None:
    dice = Dice(1, "slips")
    for text in ("Vladimirov", "Владимиров", "Παπαδόπουλος", "محمد الحداد"):
        changed = [slipped(text, dice) for _ in range(300)]
        assert sum(each != text for each in changed) > 290
        assert {abs(len(each) - len(text)) for each in changed} <= {0, 1}
        assert len(set(changed)) > 10
    assert slipped("王", dice) == "王"
    assert all(mistyped("+31612345678", dice) != "+31612345678" for _ in range(300))


def test_birth_dates_are_wrong_as_often_as_stated(people: list[Citizen]) -> None:
    dice = Dice(1, "dates")
    letters = Counter[str]()
    for person in people:
        text, letter = stated(person.born, dice)
        letters[letter] += 1
        born = person.born.isoformat()
        assert (text == born) == (letter == "t") or letter in "fx"
        assert len(text) == {"-": 0, "y": 4}.get(letter, 10)
    for letter, share in SHARES.items():
        expected = share / 3 if letter == "s" else share  # most days can't be exchanged with their month
        assert letters[letter] / len(people) == pytest.approx(expected, abs=0.012)


def test_one_clerk_writes_one_person_in_several_ways(people: list[Citizen]) -> None:
    dice = Dice(1, "clerk")
    person = next(each for each in people if each.culture == "bg" and each.family.startswith("Ч"))
    ways = {called(person, Clerk("dutch"), dice).family for _ in range(200)}
    assert len(ways) > 5


# -- the command -------------------------------------------------------------------------------------


def test_the_command_makes_registers_or_a_case_but_not_both(tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = run(scenario, ["--registers", "200", "--seed", "2", "--out", str(tmp_path / "made"), "--json"])
    assert made.exit_code == 0
    assert (tmp_path / "made/loads.toml").is_file()
    both = run(scenario, ["--registers", "200", "--records", "200", "--out", str(tmp_path / "both")])
    assert both.exit_code == 2
    assert "--records" in both.output
    assert run(scenario, ["--registers", "100", "--out", str(tmp_path / "few")]).exit_code == 2


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(UsageError, match="not empty"):
        generate_registers(200, 1, tmp_path)
    with pytest.raises(UsageError, match="200"):
        generate_registers(199, 1, tmp_path / "new")
