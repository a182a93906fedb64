"""Call records: who called whom, from where, by whatever names providers give their columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.shapes import Reject
from tests.ingest.reading import Outcome, read_text, records, values
from workbench.errors import InputError
from workbench.model.record import Record

MAPPED = 'country = "nl"\ntimezone = "Europe/Amsterdam"\n'


def read(text: str, said: str = MAPPED) -> list[Record]:
    return records(read_text("cdr", text, said))


def of(found: list[Record], schema: str) -> list[Record]:
    return [each for each in found if each.schema == schema]


def roles(record: Record) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for role, ref in record.roles:
        named.setdefault(role, []).append(ref)
    return named


CALL = {"caller": ["phone:+31612345678"], "receiver": ["phone:+31201234567"]}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("A_NUMBER,B_NUMBER,START_TIME,DURATION", "0612345678,+31 20 123 4567,2026-03-01 14:00:00,75"),
        (
            "Calling Party Number,Called-Party-Number,Date,Time,Call duration",
            "0612345678,0201234567,2026-03-01,14:00:00,0:01:15",
        ),
        ("caller,receiver,timestamp,billsec", "+31612345678,+31201234567,2026-03-01T13:00:00Z,75"),
        ("MSISDN,Other party,Direction,Date time,Duration", "0612345678,0201234567,MOC,20260301140000,PT1M15S"),
        ("MSISDN,Other party,Direction,Date time,Duration", "0201234567,0612345678,Incoming,20260301140000,75"),
        ("MSISDN,Called number,Date time,Duration", "0612345678,0201234567,01.03.2026 14:00:00,75"),
        (
            "anumber,bnumber,msisdn,cdr type,start,duration",
            "0612345678,0201234567,0201234567,MTC,2026-03-01 14:00:00,75",
        ),
    ],
)
def test_a_call_is_found_by_common_names(header: str, row: str) -> None:
    (call,) = of(read(f"{header}\n{row}\n"), "Call")
    assert roles(call) == CALL
    assert values(call)["date"] == ["2026-03-01T13:00:00"]
    assert values(call)["duration"] == ["75"]
    assert values(call)["callerNumber"] == ["+31612345678"]


def test_a_direction_that_is_not_known_says_of_nobody_that_he_called() -> None:
    (call,) = of(
        read("msisdn,other party,direction,start\n0612345678,0201234567,transit,2026-03-01 14:00:00\n"), "Call"
    )
    assert roles(call) == {"receiver": ["phone:+31612345678", "phone:+31201234567"]}
    assert values(call)["callType"] == ["transit"]


def test_handsets_cards_and_cells_are_known_by_their_numbers() -> None:
    head = "caller,receiver,start,imei,imsi,imei b,cell id,latitude,longitude,cell name,receiver cell\n"
    row = "0612345678,0201234567,2026-03-01 14:00:00,490154203237518,204080123456789,356938035643809,"
    found = read(head + row + "204-16-1-7,52.1,4.9,Dam 1,204-16-1-9\n" + row + "204-16-1-8,52.2,4.8,,\n")
    used = {tuple(ref for _, ref in each.roles) for each in of(found, "UnknownLink")}
    assert used == {
        ("imei:490154203237518", "phone:+31612345678"),
        ("imei:356938035643809", "phone:+31201234567"),
    }
    assert len({each.key() for each in of(found, "UnknownLink")}) == 2
    assert values(of(found, "Phone")[0])["imsi"] == ["204080123456789"]
    first, second = of(found, "Call")
    assert roles(first) == CALL | {"place": ["cell:204-16-1-7"], "receiverPlace": ["cell:204-16-1-9"]}
    assert roles(second) == CALL | {"place": ["cell:204-16-1-8"]}
    cell = of(found, "Address")[0]
    assert (cell.source_id, values(cell)["latitude"], values(cell)["full"]) == ("cell:204-16-1-7", ["52.1"], ["Dam 1"])


@pytest.mark.parametrize("cell", ["52.1,4.9", "(52.1; 4.9)", "52.1 4.9"])
def test_coordinates_may_stand_in_one_cell(cell: str) -> None:
    found = read(
        f'caller;receiver;start;coordinates\n0612345678;0201234567;2026-03-01;"{cell}"\n', MAPPED + 'delimiter = ";"\n'
    )
    (place,) = of(found, "Address")
    assert (values(place)["latitude"], values(place)["longitude"]) == (["52.1"], ["4.9"])
    assert roles(of(found, "Call")[0])["place"] == [place.source_id]


def test_a_session_without_another_party_is_where_the_phone_was() -> None:
    found = read("msisdn,start,type,cell,volume\n0612345678,2026-03-01 14:00:00,GPRS,7,1024\n")
    (presence,) = of(found, "Presence")
    assert roles(presence) == {"present": ["phone:+31612345678"], "place": ["cell:7"]}
    assert (values(presence)["summary"], values(presence)["description"]) == (["GPRS"], ["volume: 1024"])
    (alone,) = of(read("caller,receiver,start,type\n0612345678,,2026-03-01 14:00:00,airtime\n"), "Call")
    assert (roles(alone), values(alone)["callType"]) == ({"caller": ["phone:+31612345678"]}, ["airtime"])


def test_other_names_are_said_in_a_manifest_and_nothing_else() -> None:
    text = "Party 1;Party 2;When;Receiver;How long\n0612345678;0201234567;3/1/2026 14:00;Ann;1:15\n"
    said = MAPPED + 'delimiter = ";"\nformat = "%m/%d/%Y %H:%M"\n[files.values]\n'
    said += 'caller = { column = "Party 1" }\nreceiver = { column = "Party 2" }\nstart = { column = "When" }\n'
    found = read(text, said + 'duration = { column = "How long" }\n')
    (call,) = of(found, "Call")
    assert (roles(call), values(call)["date"]) == (CALL, ["2026-03-01T13:00"])
    assert (values(call)["description"], values(call)["duration"]) == (["Receiver: Ann"], [])
    with pytest.raises(
        InputError,
        match=r"no value 'calller' in the adapter's own mapping: did you mean caller\? known are caller, clock, ",
    ):
        read(text, said + 'calller = { column = "Party 1" }\n')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("caller,receiver,start\n1,2,3/4/2026 10:00\n", "date not as declared: start"),
        ("who,what\nAnn,x\n", "no record applies: caller, "),
        ("latitude,longitude,caller\n52.1,,1\n", "half an id: at:{latitude},{longitude}"),
    ],
)
def test_what_can_not_be_read_is_told(text: str, reason: str) -> None:
    (reject,) = read_text("cdr", text, "")
    assert isinstance(reject, Reject)
    assert reject.reason.startswith(reason)


def test_a_number_without_a_country_stays_as_it_is() -> None:
    found: list[Outcome] = list(read("caller,receiver,start\n0612345678,VOUCHER,2026-03-01\n", ""))
    assert [each.source_id for each in found if isinstance(each, Record)][:2] == ["phone:0612345678", "phone:VOUCHER"]


CELLS = {
    "caller": st.sampled_from(["+31612345678", "x"]),
    "receiver": st.just("+31201234567"),
    "msisdn": st.just("+31611111111"),
    "other party": st.just("+31622222222"),
    "direction": st.sampled_from(["MOC", "in", "transit"]),
    "timestamp": st.just("2026-03-01T13:00:00Z"),
    "billsec": st.sampled_from(["75", "soon"]),
    "imei": st.just("356938035643809"),
    "cell": st.just("204-04-1"),
    "lat": st.just("52.1"),
    "position": st.just("52.1, 4.9"),
    "remark": st.just("as dialled"),
}


@given(st.fixed_dictionaries({}, optional=CELLS))
def test_a_column_that_a_table_lacks_is_an_empty_one(cells: dict[str, str]) -> None:
    """Conditions and properties of columns that a table lacks are left out when its header is read."""
    row = {"remark": "kept", **cells}
    narrow, wide = ({name: row.get(name, "") for name in names} for names in (row, [*row, *(CELLS.keys() - row)]))
    of_narrow, of_wide = (read_text("cdr", f"{','.join(each)}\n{line(each)}\n", MAPPED) for each in (narrow, wide))
    if any(isinstance(each, Reject) for each in (*of_narrow, *of_wide)):
        assert [why(each) for each in of_narrow] == [why(each) for each in of_wide]
    else:
        assert of_narrow == of_wide


def line(row: dict[str, str]) -> str:
    return ",".join(f'"{text}"' for text in row.values())


def why(found: Outcome) -> tuple[str, str]:
    return (found.reason, str(found.marking)) if isinstance(found, Reject) else ("", "")
