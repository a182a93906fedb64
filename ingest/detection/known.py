"""The signs of all formats, by adapter: what `ingest load` goes by if nobody names an adapter.

To add a format, add its adapter with a sign or several; `ingest.detection.signs` has kinds for XML, JSON, JSON lines,
tables, texts, magic bytes and zips, and `By` for a function of your own. The surest of an adapter counts.
"""

from collections.abc import Mapping, Sequence

from ingest.detection.general import (
    csv_table,
    json_document,
    json_lines,
    neo4j_header,
    ofac_table,
    square_table,
    url_of_database,
    xml_document,
)
from ingest.detection.signs import By, Header, Json, Lines, Magic, Member, Named, Sign, Text, Xml

_ISO = "urn:iso:std:iso:20022:tech:xsd:"
_SIX = "http://www.six-interbank-clearing.com/de/"
_SIMULATED = (
    ["tran_id", "orig_acct", "bene_acct"],
    ["TXN_ID", "ACCOUNT_ID", "COUNTER_PARTY_ACCOUNT_NUM"],
    ["TX_ID", "SENDER_ACCOUNT_ID", "RECEIVER_ACCOUNT_ID"],
    ["TXN_ID", "ACCOUNT_ID", "BRANCH_ID", "TXN_SOURCE_TYPE_CODE"],
    ["ACCOUNT_ID", "PRIMARY_CUSTOMER_ID"],
    ["ACCOUNT_ID", "CUSTOMER_ID", "INIT_BALANCE"],
    ["acct_id", "dsply_nm"],
    ["cust_acct_mapping_id", "acct_id", "cust_id"],
    ["alert_id", "alert_type", "orig_acct", "bene_acct"],
    ["ALERT_ID", "ALERT_TYPE", "SENDER_ACCOUNT_ID", "RECEIVER_ACCOUNT_ID"],
    ["ALERT_KEY", "ACCOUNT_ID", "CHECK_NAME"],
    ["ALERT_ID", "ACCOUNT_ID", "ALERT_TYPE"],
    ["alert_id", "acct_id", "alert_type"],
)

_STIX_ID = r"[a-z0-9-]+--[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PARTIES = (["caller", "subscriber"], ["receiver", "other"])

SIGNS: Mapping[str, Sequence[Sign]] = {
    "aml-tx": [
        Header(
            "transactions between banks, as IBM's data have them", ["From Bank", "Account", "To Bank", "Amount Paid"]
        ),
        Header("accounts of banks, as IBM's data have them", ["Bank ID", "Account Number", "Entity ID"]),
    ],
    "amlsim": [Header("a table of the simulator AMLSim", columns) for columns in _SIMULATED],
    "anpr": [
        Named("number-plate reads", "anpr.toml", [["plate"], ["time", "day"], ["camera", "latitude", "position"]]),
        Named("number-plate reads", "anpr.toml", [["plate"], ["time", "day"]], certainty="likely"),
    ],
    "anx": [Xml("a chart of i2 Analyst's Notebook", "Chart", inside=["ChartItemCollection"])],
    "bods": [
        Json("statements of the Beneficial Ownership Data Standard", {"recordType": r"\w+", "recordId": ""}),
        Json("statements of the Beneficial Ownership Data Standard, 0.2 or 0.3", {"statementType": r"\w+Statement"}),
        Lines("statements of the Beneficial Ownership Data Standard", {"recordType": r"\w+", "recordId": ""}),
        Lines("statements of the Beneficial Ownership Data Standard, 0.2 or 0.3", {"statementType": r"\w+Statement"}),
    ],
    "case-uco": [
        Text("a bundle of CASE/UCO", r'"@context"(?s:.){0,4000}(?:unifiedcyberontology|caseontology)', lines=200),
        Json("a bundle of JSON-LD, perhaps CASE/UCO", {"@context": "", "@graph": ""}, certainty="likely"),
    ],
    "cdr": [
        Named("call records", "cdr.toml", [*_PARTIES, ["start", "day"], ["duration", "imei", "imsi", "place"]]),
        Named("call records", "cdr.toml", [*_PARTIES, ["start", "day"]], certainty="possible"),
    ],
    "csv": [By(csv_table)],
    "dl": [Text("a network of UCINET (DL)", r"\A\s*(?i:dl)\b.*")],
    "fbi-wanted": [
        Json("notices of the FBI", {"items.uid": "", "items.publication": "", "total": ""}),
        Json("notices of the FBI", {"items.uid": "", "items.poster_classification": ""}),
        Json("a notice of the FBI", {"uid": "", "poster_classification": ""}),
    ],
    "ftm": [
        Lines("FollowTheMoney entities, one a line", {"id": "", "schema": r"\w+", "properties": ""}),
        Lines("a delta of FollowTheMoney entities", {"op": "ADD|MOD|DEL", "entity.id": ""}),
    ],
    "ftm-statements": [
        Header("FollowTheMoney statements", ["canonical_id", "entity_id", "prop", "schema", "value"]),
        Header("FollowTheMoney statements, packed", ["entity_id", "prop", "value", "dataset", "original_value"]),
    ],
    "gexf": [Xml("a graph in GEXF {}", "gexf", attributes={"version": r"(.*)"})],
    "gleif": [Xml("records of GLEIF", root) for root in ("LEIData", "RelationshipData", "ReportingExceptionData")]
    + [
        Json("records of GLEIF", {"LEI": "", "Entity": ""}),
        Json("relations of GLEIF", {"Relationship.StartNode": ""}),
        Json("exceptions of GLEIF", {"LEI": "", "ExceptionCategory": ""}),
        Json("records of GLEIF", {"records.LEI": ""}),
        Json("relations of GLEIF", {"relations.RelationshipRecord": ""}),
        Json("relations of GLEIF", {"records.RelationshipRecord": ""}),
        Json("exceptions of GLEIF", {"exceptions.ExceptionCategory": ""}),
    ],
    "goaml": [Xml("a report of goAML", "report", inside=["rentity_id"])],
    "graphml": [Xml("a graph in GraphML", "graphml")],
    "iso20022": [
        Xml("ISO 20022 {}", "Document", namespace=rf"{_ISO}((?:camt|pain|pacs)\..+)"),
        Xml("ISO 20022 {}", "Document", namespace=rf"{_SIX}((?:camt|pain|pacs)\..+)\.xsd"),
    ],
    "json": [By(json_document)],
    "jsonl": [By(json_lines)],
    "misp": [
        *[Json("an event of MISP", {f"{way}.uuid": "", f"{way}.info": ""}) for way in ("Event", "response.Event")],
        *[Json("an event of MISP", {f"{way}.Attribute.value": ""}) for way in ("Event", "response.Event")],
        *[Json("an event of MISP", {f"{way}.Object.name": ""}) for way in ("Event", "response.Event")],
        Json("an event of MISP", {"Attribute.category": "", "Attribute.type": "", "Attribute.value": ""}),
        Json("an event of MISP", {"Object.meta-category": "", "Object.name": ""}),
        Json("attributes of MISP", {f"response.Attribute.{key}": "" for key in ("category", "type", "value")}),
        Json("objects of MISP", {"response.Object.meta-category": "", "response.Object.name": ""}),
    ],
    "mrz": [Text("lines of travel documents (MRZ)", r"^[PVACI][A-Z0-9<][A-Z0-9<]{28,42}$\n?[A-Z0-9<]{30,44}$")],
    "mt940": [
        Text("account statements in SWIFT's MT940", r"^(?:\{.*\{4:)?:20:.*(?:\n.*){0,15}\n:60[FM]:", lines=60),
        Text("interim reports in SWIFT's MT942", r"^(?:\{.*\{4:)?:20:.*(?:\n.*){0,15}\n:34F:", lines=60),
    ],
    "neo4j-csv": [By(neo4j_header)],
    "node-link": [
        Json("a graph as nodes and links", {"nodes.id": "", "links": ""}),
        Json("a graph as nodes and edges", {"nodes.id": "", "edges": ""}),
        Json("a graph of Cytoscape", {"elements.nodes.data": ""}),
        Json("a graph of Cytoscape", {"elements.data.id": ""}),
    ],
    "ofac-csv": [By(ofac_table)],
    "pajek": [Text("a network of Pajek", r"(?i)^\*vertices\s+\d+")],
    "parquet": [Magic("a Parquet file", b"PAR1")],
    "psc": [
        Lines("people with significant control", {"data.kind": r".*-with-significant-control.*"}),
        Json("a person with significant control", {"data.kind": r".*-with-significant-control.*"}),
        Json("a person with significant control", {"kind": r".*-with-significant-control.*"}),
        Json("people with significant control", {"items.kind": r".*-with-significant-control.*"}),
    ],
    "sql": [Magic("a database of SQLite", b"SQLite format 3\0"), By(url_of_database)],
    "square-csv": [By(square_table)],
    "stix": [
        Json("STIX {}", {"type": "bundle", "spec_version": r"(2\.\d)"}),
        Json("STIX {}", {"type": "bundle", "objects.spec_version": r"(2\.\d)"}),
        Json("STIX 2", {"type": "bundle", "id": r"bundle--.*"}),
        Json("objects of STIX {}", {"type": r"[a-z0-9-]+", "spec_version": r"(2\.\d)", "id": r"[a-z0-9-]+--.+"}),
        Json("objects of STIX 2", {"type": r"[a-z0-9-]+", "id": _STIX_ID}),
        Json("objects of STIX 2", {"objects.type": r"[a-z0-9-]+", "objects.id": _STIX_ID}),
    ],
    "un-xml": [Xml("the consolidated list of the UN Security Council", "CONSOLIDATED_LIST")],
    "vcard": [Text("contacts in vCard", r"(?i)\ABEGIN:VCARD")],
    "vis": [Json("a network diagram of Aleph", {"layout.entities.schema": r"\w+", "layout.entities.properties": ""})],
    "xlsx": [Member("an Excel workbook", "xl/workbook.xml")],
    "xml": [By(xml_document)],
}
