"""Lists of people, and registers of companies."""

from collections.abc import Mapping

from ingest.adapters import bods, fbi_wanted, gleif, ofac_csv, psc, un_xml, vcard
from ingest.formats.adapter import Adapter, default_of
from ingest.recount import count_cards, count_either, count_elements, count_gleif, count_objects, count_ofac

LISTS: Mapping[str, Adapter] = {
    "bods": Adapter(
        version=1,
        about="statements of beneficial ownership (BODS 0.1 to 0.4), as a list or one a line",
        units="statements",
        read=bods.read,
        count=count_objects("statements"),
        gives="rows",
        defaults=default_of("bods.toml"),
    ),
    "fbi-wanted": Adapter(
        version=1,
        about="notices of the FBI, wanted, missing and victims, as its interface gives them in JSON",
        units="notices",
        read=fbi_wanted.read,
        count=count_either("items", ""),
        gives="rows",
        defaults=default_of("fbi_wanted.toml"),
        members="*.json",
    ),
    "gleif": Adapter(
        version=1,
        about="entities with an LEI, their relationships, and reporting exceptions, from GLEIF's XML or JSON",
        units="records",
        read=gleif.read,
        count=count_gleif,
        gives="rows",
        defaults=default_of("gleif.toml"),
        confined=True,
    ),
    "ofac-csv": Adapter(
        version=1,
        about="sanctions lists of the US Office of Foreign Assets Control: sdn.csv, add.csv, alt.csv, sdn_comments.csv",
        units="rows",
        read=ofac_csv.read,
        count=count_ofac,
        gives="rows",
        defaults=default_of("ofac_csv.toml"),
        members="*.csv",
        folders=True,
    ),
    "psc": Adapter(
        version=1,
        about="people with significant control of companies in the United Kingdom: the snapshot, or single documents",
        units="documents",
        read=psc.read,
        count=count_objects("items"),
        gives="rows",
        defaults=default_of("psc.toml"),
    ),
    "un-xml": Adapter(
        version=1,
        about="the consolidated sanctions list of the UN Security Council",
        units="entries",
        read=un_xml.read,
        count=count_elements("INDIVIDUAL", "ENTITY"),
        gives="rows",
        defaults=default_of("un_xml.toml"),
        members="*.xml",
        confined=True,
    ),
    "vcard": Adapter(
        version=1,
        about="address books in vCard 2.1, 3.0 and 4.0",
        units="cards",
        read=vcard.read,
        count=count_cards,
        gives="rows",
        defaults=default_of("vcard.toml"),
        members="*.vc[fa]*",
    ),
}
