"""Phones, threats, plates and travel documents."""

from collections.abc import Mapping

from ingest.adapters import anpr, case_uco, cdr, misp, mrz, stix
from ingest.adapters.delimited import texts_of_row
from ingest.formats.adapter import Adapter, default_of
from ingest.recount import count_documents, count_json, count_stix, count_table, count_under

PHONES: Mapping[str, Adapter] = {
    "anpr": Adapter(
        version=1,
        about="number-plate reads: tables whose columns are found by common names",
        units="rows",
        read=anpr.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=default_of("anpr.toml"),
    ),
    "case-uco": Adapter(
        version=1,
        about="what forensic tools found on phones and other devices, in the JSON-LD of CASE and UCO",
        units="objects",
        read=case_uco.read,
        count=count_under("@graph", *case_uco.OBJECTS),
        gives="rows",
        defaults=default_of("case_uco.toml"),
    ),
    "cdr": Adapter(
        version=1,
        about="call records of telephone providers: tables whose columns are found by common names",
        units="rows",
        read=cdr.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=default_of("cdr.toml"),
    ),
    "misp": Adapter(
        version=1,
        about="events of MISP with their attributes and objects, in its JSON",
        units="events, attributes and objects",
        read=misp.read,
        count=count_json(*("/".join((*around, part)) for around in misp.AROUND for part in misp.PARTS)),
        gives="rows",
        defaults=default_of("misp.toml"),
    ),
    "mrz": Adapter(
        version=1,
        about="the machine-readable lines of passports, identity cards and visas, with their check digits",
        units="documents",
        read=mrz.read,
        count=count_documents,
        gives="rows",
        defaults=default_of("mrz.toml"),
    ),
    "stix": Adapter(
        version=1,
        about="threat intelligence in STIX 2.0 and 2.1: bundles, lists and single objects",
        units="objects",
        read=stix.read,
        count=count_stix,
        gives="rows",
        defaults=default_of("stix.toml"),
    ),
}
