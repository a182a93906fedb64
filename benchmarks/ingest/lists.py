"""Files of lists of people and companies."""

import json
from collections.abc import Mapping
from typing import Any

from benchmarks.ingest.forms import Form, document_of, elements_of, lines_of, rows_of, texts
from benchmarks.ingest.invented import Invented, lei

_NONE = "-0- "


def _ofac(invented: Invented, number: int) -> str:
    remarks = f'"DOB {invented.born()[:4]}; nationality {invented.town()}; Passport X{number:07} ({invented.town()})."'
    cells = [str(number + 1), f'"{invented.surname().upper()}, {invented.given()}"', '"individual"', '"SDGT"']
    return ",".join([*cells, *[_NONE] * 7, remarks])


def _listed(invented: Invented, number: int) -> str:
    said = {
        "DATAID": str(number),
        "FIRST_NAME": invented.given(),
        "SECOND_NAME": invented.surname(),
        "UN_LIST_TYPE": "Made up",
        "REFERENCE_NUMBER": f"XXi.{number}",
        "LISTED_ON": invented.day(),
    }
    texts_ = "".join(f"<{name}>{text}</{name}>" for name, text in said.items())
    alias = f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{invented.name()}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    born = f"<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>{invented.born()}</DATE>"
    return (
        f"<INDIVIDUAL>{texts_}<NATIONALITY><VALUE>{invented.country()}</VALUE></NATIONALITY>{alias}"
        f"<INDIVIDUAL_DATE_OF_BIRTH>{born}</INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"
    )


def _wanted(invented: Invented, number: int) -> str:
    return json.dumps(
        {
            "uid": f"{number:032x}",
            "title": invented.name().upper(),
            "sex": "Male",
            "publication": invented.moment(),
            "aliases": [invented.name()],
            "dates_of_birth_used": [invented.born()],
            "nationality": invented.town(),
            "poster_classification": "default",
            "status": "na",
        }
    )


def _card(invented: Invented, number: int) -> str:
    given, surname = invented.given(), invented.surname()
    return (
        f"BEGIN:VCARD\nVERSION:3.0\nUID:{number}\nFN:{given} {surname}\nN:{surname};{given};;;\n"
        f"TEL;TYPE=cell:{invented.phone()}\nBDAY:{invented.born()}\nADR:;;;{invented.town()};;;\nEND:VCARD"
    )


def _controller(invented: Invented, number: int) -> str:
    company = f"{invented.thing():08}"
    year, month, _ = invented.born().split("-")
    data = {
        "kind": "individual-person-with-significant-control",
        "name": invented.name(),
        "nationality": "Dutch",
        "country_of_residence": "Netherlands",
        "date_of_birth": {"year": int(year), "month": int(month)},
        "address": {"locality": invented.town(), "country": "Netherlands"},
        "natures_of_control": ["ownership-of-shares-25-to-50-percent"],
        "notified_on": invented.day(),
        "links": {"self": f"/company/{company}/persons-with-significant-control/individual/{number}"},
    }
    return json.dumps({"company_number": company, "data": data})


def _entity(invented: Invented, number: int) -> str:
    address = f"<l:City>{invented.town()}</l:City><l:Country>{invented.country().upper()}</l:Country>"
    return (
        f"<l:LEIRecord><l:LEI>{lei(number)}</l:LEI><l:Entity><l:LegalName xml:lang='en'>{invented.surname()} BV"
        f"</l:LegalName><l:LegalAddress>{address}</l:LegalAddress><l:HeadquartersAddress>{address}"
        f"</l:HeadquartersAddress><l:EntityStatus>ACTIVE</l:EntityStatus></l:Entity><l:Registration>"
        f"<l:InitialRegistrationDate>{invented.moment()}Z</l:InitialRegistrationDate></l:Registration></l:LEIRecord>"
    )


def _statement(invented: Invented, number: int) -> str:
    base: dict[str, Any] = {"statementId": f"{number:032x}", "statementDate": invented.day(), "recordStatus": "new"}
    if number % 3 == 0:
        said: dict[str, Any] = {"entityType": {"type": "registeredEntity"}, "name": f"{invented.surname()} BV"}
        kind = "entity"
    elif number % 3 == 1:
        said = {"personType": "knownPerson", "names": [{"type": "legal", "fullName": invented.name()}]}
        said |= {"birthDate": invented.born(), "nationalities": [{"code": invented.country().upper()}]}
        kind = "person"
    else:
        share = {"type": "shareholding", "share": {"exact": 50}}
        said = {"subject": f"r{number - 2}", "interestedParty": f"r{number - 1}", "interests": [share]}
        kind = "relationship"
    about = {"recordId": f"r{number}", "recordType": kind, "declarationSubject": "r0", "recordDetails": said}
    return json.dumps({**base, **about})


LISTS: Mapping[str, Form] = {
    "ofac-csv": Form("sdn.csv", texts(_ofac), plain=rows_of),
    "un-xml": Form(
        "list.xml",
        texts(
            _listed,
            '<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-01-01"><INDIVIDUALS>',
            after="</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>",
        ),
        plain=elements_of,
    ),
    "fbi-wanted": Form("wanted.json", texts(_wanted, '{"total": 9, "items": [', ",\n", "]}"), plain=document_of),
    "vcard": Form("book.vcf", texts(_card)),
    "psc": Form("psc.txt", texts(_controller), plain=lines_of),
    "gleif": Form(
        "lei.xml",
        texts(
            _entity,
            '<l:LEIData xmlns:l="http://www.gleif.org/data/schema/leidata/2016"><l:LEIRecords>',
            after="</l:LEIRecords></l:LEIData>",
        ),
        plain=elements_of,
    ),
    "bods": Form("statements.json", texts(_statement, "[", ",\n", "]"), plain=document_of),
}
