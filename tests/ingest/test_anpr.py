"""Number-plate reads: a vehicle at a camera, whatever the columns are called."""

import pytest

from ingest.shapes import Reject
from tests.ingest.reading import read_text, records, values
from tests.ingest.test_cdr import of, roles


@pytest.mark.parametrize(
    ("text", "vehicle", "country"),
    [
        ("Plate,TimeStamp,DeviceId,Name\n007,2026-03-01T13:00:00.000Z,9,Dam\n", "plate:007", []),
        ("VRM,Country,Date,Time,Camera ID,Site Name\n1E5,D,2026-03-01,13:00,9,Dam\n", "plate:de:1E5", ["de"]),
        (
            "License-Plate;nationality;read time;camera;location\nAB 12;NLD;01.03.2026 13:00;9;Dam\n",
            "plate:NLD:AB 12",
            ["nl"],
        ),
    ],
)
def test_a_read_is_a_vehicle_at_a_camera(text: str, vehicle: str, country: list[str]) -> None:
    found = records(read_text("anpr", text, 'delimiter = ";"\n' if ";" in text else ""))
    (read,), (car,), (camera,) = of(found, "Observation"), of(found, "Vehicle"), of(found, "Address")
    assert roles(read) == {"observed": [vehicle], "place": ["camera:9"]}
    assert values(read)["date"][0].startswith("2026-03-01T13:00")
    assert values(car)["registrationNumber"] == [vehicle.rpartition(":")[2]]
    assert values(car).get("country", []) == country
    assert (values(camera)["full"], values(camera)["summary"]) == (["Dam"], ["camera 9"])


def test_what_a_read_says_beside_is_kept() -> None:
    text = 'plate,time stamp,gps,heading,lane,confidence\nAB1,2026-03-01 13:00:00,"52.1,4.9",N,2,93\n'
    found = records(read_text("anpr", text, ""))
    (read,), (camera,) = of(found, "Observation"), of(found, "Address")
    assert values(read)["direction"] == ["N"]
    assert values(read)["description"] == ["lane: 2", "confidence: 93"]
    assert (camera.source_id, values(camera)["latitude"], values(camera)["longitude"]) == (
        "at:52.1,4.9",
        ["52.1"],
        ["4.9"],
    )


@pytest.mark.parametrize("adapter", ["anpr", "cdr"])
@pytest.mark.parametrize(
    ("position", "latitude", "longitude"),
    [
        ("-33.92,18.42", "-33.92", "18.42"),
        ("(-33.92; -70.6)", "-33.92", "-70.6"),
        ("−33.92 −70.6", "-33.92", "-70.6"),
        ("+52.1,+4.9", "52.1", "4.9"),
    ],
)
def test_a_position_keeps_its_signs(adapter: str, position: str, latitude: str, longitude: str) -> None:
    head, line = ("plate,time", "AB1") if adapter == "anpr" else ("caller,start,cell", "+31612345678")
    more = "" if adapter == "anpr" else ",204-04-1"
    text = f'{head},position\n{line},2026-03-01T13:00:00Z{more},"{position}"\n'
    (place,) = of(records(read_text(adapter, text, "")), "Address")
    assert (values(place)["latitude"], values(place)["longitude"]) == ([latitude], [longitude])


@pytest.mark.parametrize("position", ["52,1; 4,9", "52.1,4.9,12", "- 33.92, 18.42", "52.1", "N 52.1, 4.9"])
def test_what_may_be_another_position_is_none(position: str) -> None:
    (place,) = of(
        records(read_text("anpr", f'plate,time,position\nAB1,2026-03-01T13:00:00Z,"{position}"\n', "")), "Address"
    )
    assert not {"latitude", "longitude"} & place.properties.keys()


def test_own_names_and_a_country_for_all_plates() -> None:
    said = 'format = "%d/%m/%Y %H:%M"\n[files.values]\nplate = { column = "Kenteken" }\ncountry = { value = "nl" }\n'
    found = records(read_text("anpr", "Kenteken,read time,portal\nAB1,1/3/2026 13:00,A10\n", said))
    assert [each.source_id for each in of(found, "Vehicle")] == ["plate:nl:AB1"]
    assert values(of(found, "Observation")[0]) == {"date": ["2026-03-01T13:00"], "description": ["portal: A10"]}


def test_a_read_without_a_plate_is_quarantined() -> None:
    (reject,) = read_text("anpr", "plate,read time\n,2026-03-01\n", "")
    assert isinstance(reject, Reject)
    assert reject.reason.startswith("no record applies")
