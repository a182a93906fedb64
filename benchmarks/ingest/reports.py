"""Files of statements and transactions of money, of phones, travel documents and threat reports."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.ingest.forms import Form, document_of, elements_of, texts
from benchmarks.ingest.invented import Invented, checked

_OF_A_STATEMENT = 50  # transactions


def _account(iban: str) -> str:
    return f"<Id><IBAN>{iban}</IBAN></Id>"


def _transfer(invented: Invented, number: int) -> str:
    other = f"<Dbtr><Pty><Nm>{invented.name()}</Nm></Pty></Dbtr><DbtrAcct>{_account(invented.iban())}</DbtrAcct>"
    details = (
        f"<TxDtls><Refs><EndToEndId>E{number}</EndToEndId></Refs><RltdPties>{other}</RltdPties>"
        f"<RmtInf><Ustrd>rent {invented.town()}</Ustrd></RmtInf></TxDtls>"
    )
    return (
        f'<Ntry><Amt Ccy="EUR">{invented.amount()}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>{invented.day()}</Dt>'
        f"</BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _reported(invented: Invented, number: int) -> str:
    def side(way: str) -> str:
        person = f"<first_name>{invented.given()}</first_name><last_name>{invented.surname()}</last_name>"
        person += f"<birthdate>{invented.born()}T00:00:00</birthdate>"
        account = f"<institution_code>I</institution_code><account>{invented.iban()}</account>"
        signatory = f"<signatory><is_primary>true</is_primary><t_person>{person}</t_person></signatory>"
        funds = f"<{way}_funds_code>K</{way}_funds_code>"
        return f"<t_{way}>{funds}<{way}_account>{account}{signatory}</{way}_account></t_{way}>"

    return (
        f"<transaction><transactionnumber>{number}</transactionnumber><date_transaction>{invented.moment()}"
        f"</date_transaction><amount_local>{invented.amount()}</amount_local>{side('from')}{side('to')}</transaction>"
    )


def _line(invented: Invented, number: int) -> str:
    head = ""
    if number % _OF_A_STATEMENT == 0:
        end = ":62F:C251231EUR5,\n-\n" if number else ""
        head = f"{end}:20:R{number}\n:25:{invented.iban()}\n:28C:{number // _OF_A_STATEMENT}/1\n:60F:C250101EUR5,\n"
    day, amount = invented.day()[2:].replace("-", ""), invented.amount().replace(".", ",")
    details = f"/TRTP/SEPA/IBAN/{invented.iban()}/NAME/{invented.name()}/REMI/rent {invented.town()}/EREF/E{number}"
    return f"{head}:61:{day}{day[2:]}C{amount}NTRFE{number % 10_000}//B{number}\n:86:{details[:65]}\n{details[65:]}"


def _lines_of(path: Path) -> None:
    import mt940

    mt940.parse(str(path))


def _phone(invented: Invented, number: int) -> str:
    def node(kind: str, facet: Mapping[str, Any]) -> str:
        found = {"@id": f"kb:{number}", "@type": f"uco:{kind}"}
        return json.dumps({**found, "uco:hasFacet": [{"@type": f"uco:{kind}Facet", **facet}]})

    if number % 3 == 0:
        return node("PhoneAccount", {"uco:phoneNumber": invented.phone()})
    ends = {"uco:from": {"@id": f"kb:{number - number % 3}"}, "uco:to": [{"@id": f"kb:{3 * (invented.thing() // 3)}"}]}
    at = {"@type": "xsd:dateTime", "@value": f"{invented.moment()}Z"}
    if number % 3 == 1:
        return node("Call", {"uco:startTime": at, "uco:duration": invented.number(600), **ends})
    return node("Message", {"uco:sentTime": at, "uco:messageText": f"see you in {invented.town()}", **ends})


def _misp(invented: Invented, number: int) -> str:
    said = [("first-name", invented.given()), ("last-name", invented.surname()), ("date-of-birth", invented.born())]
    attributes = [
        {"object_relation": name, "type": name, "value": value, "uuid": str(UUID(int=4 * number + at))}
        for at, (name, value) in enumerate(said, 1)
    ]
    return json.dumps({"name": "person", "uuid": str(UUID(int=4 * number)), "Attribute": attributes})


def _stix(invented: Invented, number: int) -> str:
    def named(kind: str, at: int) -> str:
        return f"{kind}--{UUID(int=at)}"

    times = {"created": f"{invented.moment()}.000Z", "modified": "2026-01-01T00:00:00.000Z", "spec_version": "2.1"}
    said: dict[str, Any]
    if number % 3 == 0:
        said = {"type": "identity", "identity_class": "individual", "name": invented.name()}
    elif number % 3 == 1:
        said = {"type": "malware", "is_family": True, "name": invented.surname(), "malware_types": ["trojan"]}
    else:
        said = {"type": "relationship", "relationship_type": "targets"}
        said |= {"source_ref": named("malware", number - 1), "target_ref": named("identity", number - 2)}
    return json.dumps({**said, "id": named(said["type"], number), **times})


def _travel(invented: Invented, number: int) -> str:
    names = f"P<NLD{invented.surname().upper()}<<{invented.given().upper()}"
    document, born = checked(f"X{number:08}"), checked(invented.born()[2:].replace("-", ""))
    expires, more = checked("301231"), checked("<" * 14)
    return f"{names:<<44}\n{document}NLD{born}M{expires}{more}{checked(document + born + expires + more)[-1]}"


_STATEMENT = (
    '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
    f"<MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct>{_account('NL91ABNA0417164300')}</Acct>"
)
_REPORT = (
    "<report><rentity_id>7</rentity_id><report_code>STR</report_code><entity_reference>R1</entity_reference>"
    "<submission_date>2026-05-26T00:00:00</submission_date><currency_code_local>EUR</currency_code_local>"
)

REPORTS: Mapping[str, Form] = {
    "iso20022": Form(
        "c.xml", texts(_transfer, _STATEMENT, after="</Stmt></BkToCstmrStmt></Document>"), plain=elements_of
    ),
    "goaml": Form("r.xml", texts(_reported, _REPORT, after="</report>"), plain=elements_of),
    "mt940": Form("s.sta", texts(_line, after="\n:62F:C251231EUR5,\n-\n"), plain=_lines_of),
    "case-uco": Form(
        "c.json",
        texts(_phone, '{"@context": {"kb": "urn:k/", "uco": "urn:u/"}, "@graph": [', ",\n", "]}"),
        plain=document_of,
    ),
    "misp": Form(
        "e.json",
        texts(_misp, '{"Event": {"uuid": "e", "date": "2026-03-01", "Object": [', ",\n", "]}}"),
        plain=document_of,
    ),
    "stix": Form(
        "b.json", texts(_stix, '{"type": "bundle", "id": "bundle--1", "objects": [', ",\n", "]}"), plain=document_of
    ),
    "mrz": Form("d.txt", texts(_travel)),
}
