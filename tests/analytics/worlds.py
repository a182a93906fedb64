"""Generated cases: few entities, all kinds of ties, two agencies that know some of the same."""

from hypothesis import strategies as st

from tests.analytics.cases import person, thing, tie
from workbench.model.record import Record

AGENCIES = ("AAA", "BBB")
PERSONS = tuple(f"p{n}" for n in range(6))
PHONES, ACCOUNTS, VEHICLES = ("t0", "t1", "t2"), ("k0", "k1", "k2"), ("v0", "v1")
COMPANIES, ADDRESSES, INCIDENTS = ("c0", "c1"), ("a0", "a1"), ("i0", "i1")

CAPACITIES = ("suspect", "victim", "witness", "Lawyer", "officer", "convicted", "contact")
DAYS = ("", "2026-01-03", "2026-01-03T09:00:00", "2026-01-03T17:30:00", "2026-01", "2026-02-01", "2026-03-09")
GRADES = ("", "A1", "B2", "X4", "C3")

_agency = st.sampled_from(AGENCIES)
_person, _phone, _account = st.sampled_from(PERSONS), st.sampled_from(PHONES), st.sampled_from(ACCOUNTS)
_vehicle, _company = st.sampled_from(VEHICLES), st.sampled_from(COMPANIES)
_address, _incident = st.sampled_from(ADDRESSES), st.sampled_from(INCIDENTS)
_party = st.one_of(_person, _company)


def _tie(schema: str, required: dict[str, st.SearchStrategy[str]], **optional: st.SearchStrategy[str]):
    said = {"date": st.sampled_from(DAYS), **optional}
    values = st.fixed_dictionaries(required, optional=said)
    full = values.map(lambda found: {name: value for name, value in found.items() if value})
    return st.tuples(full, _agency, st.sampled_from(GRADES)).map(
        lambda each: tie(schema, each[1], grade=each[2], **each[0])
    )


_ties = st.one_of(
    _tie("Holding", {"holder": _party, "held": st.one_of(_phone, _account, _vehicle)}),
    _tie("Residence", {"resident": _party, "place": _address}),
    _tie("Involvement", {"involved": _person, "event": _incident}, capacity=st.sampled_from(CAPACITIES)),
    _tie("Directorship", {"director": _person, "organization": _company}),
    _tie("Crossing", {"traveller": _person, "vehicle": _vehicle}, post=_address),
    _tie("Call", {"caller": st.one_of(_phone, _person), "receiver": st.one_of(_phone, _person)}),
    _tie("Family", {"person": _person, "relative": _person}),
    _tie("Observation", {"observed": st.one_of(_vehicle, _person), "place": _address}, companion=_person),
    _tie(
        "Transfer",
        {},
        payer=_party,
        payerAccount=_account,
        beneficiary=_party,
        beneficiaryAccount=_account,
        location=_address,
        amount=st.sampled_from(("10", "20")),
    ),
)


def _described(agency: str) -> dict[str, Record]:
    """What an agency can say of each entity; phones, accounts and plates are the same in both."""
    found = {p: person(p, agency, "Officer" if p == "p5" else "Person") for p in PERSONS}
    found |= {"p0": person("p0", agency, passportNumber="NX0001")}
    found |= {t: thing("Phone", t, agency, number=f"+31612345{t[1]}00") for t in PHONES}
    found |= {k: thing("BankAccount", k, agency, iban=f"NL0000{k[1]}") for k in ACCOUNTS}
    found |= {v: thing("Vehicle", v, agency, registrationNumber=f"AB-12-{v[1]}C") for v in VEHICLES}
    found |= {c: thing("Company", c, agency) for c in COMPANIES}
    found |= {a: thing("Address", a, agency) for a in ADDRESSES}
    return found | {i: thing("Incident", i, agency) for i in INCIDENTS}


@st.composite
def cases(draw: st.DrawFn) -> list[Record]:
    """Records of both agencies; some entities are only referred to, some things very shared."""
    records: list[Record] = []
    for agency in AGENCIES:
        unknown = draw(st.sets(st.sampled_from(("p1", "t1", "k1", "c1", "v1", "a1")), max_size=2))
        records += [each for name, each in _described(agency).items() if name not in unknown]
    ordinals: dict[str, int] = {}
    few, many = st.lists(_ties, max_size=6), st.lists(_ties, min_size=12, max_size=40)
    for each in draw(st.one_of(few, many)):
        if each.roles and each.key() not in ordinals:
            ordinals[each.key()] = 1
            records.append(each)
    return records + draw(st.sampled_from((_nobody, _residents, _callers, _payers)))(draw(st.integers(0, 1)))


def _nobody(_: int) -> list[Record]:
    return []


def _residents(more: int) -> list[Record]:
    """As many at one address as are not yet too many, or one more."""
    who = [f"x{n}" for n in range(12 + more)]
    there = [tie("Residence", resident=x, place="a0") for x in who]
    return [person(x) for x in who] + there + [tie("Residence", resident="x0", place="a1")]


def _callers(more: int) -> list[Record]:
    """As many phones that call one number."""
    phones = [f"y{n}" for n in range(20 + more)]
    known = [thing("Phone", y, number=f"+3260000{n:04}") for n, y in enumerate(phones)]
    calls = [tie("Call", caller=y, receiver="t0") for y in phones]
    return known + calls + [tie("Holding", holder=f"p{n}", held=f"y{n}") for n in range(3)]


def _payers(more: int) -> list[Record]:
    """As many accounts that pay into one, of which one also names the parties."""
    accounts = [f"z{n}" for n in range(12 + more)]
    known = [thing("BankAccount", z, iban=f"BE0000{n:04}") for n, z in enumerate(accounts)]
    paid = [tie("Transfer", payerAccount=z, beneficiaryAccount="k0", payer="p2", beneficiary="p3") for z in accounts]
    return known + paid + [tie("Holding", holder="p3", held="k0"), tie("Holding", holder="p4", held="z0")]
