"""Statements, transactions and reports of money."""

from collections.abc import Mapping

from ingest.adapters import aml_tx, amlsim, goaml, iso20022, mt940
from ingest.adapters.delimited import texts_of_row
from ingest.formats.adapter import Adapter, default_of
from ingest.recount import count_goaml, count_iso20022, count_mt940, count_table

MONEY: Mapping[str, Adapter] = {
    "aml-tx": Adapter(
        version=1,
        about="tables of transactions between accounts of banks, as IBM's for research on money laundering",
        units="rows",
        read=aml_tx.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=default_of("aml_tx.toml"),
    ),
    "amlsim": Adapter(
        version=1,
        about="tables of the simulator AMLSim: accounts, transfers, cash, alerts",
        units="rows",
        read=amlsim.read,
        count=count_table,
        gives="rows",
        texts_of=texts_of_row,
        defaults=default_of("amlsim.toml"),
    ),
    "goaml": Adapter(
        version=1,
        about="reports of suspicion to a financial intelligence unit, in the XML of goAML",
        units="transactions",
        read=goaml.read,
        count=count_goaml,
        gives="rows",
        defaults=default_of("goaml.toml"),
        confined=True,
    ),
    "iso20022": Adapter(
        version=1,
        about="statements, payments and returns in XML messages of ISO 20022: camt, pain, pacs",
        units="transactions",
        read=iso20022.read,
        count=count_iso20022,
        gives="rows",
        defaults=default_of("iso20022.toml"),
        confined=True,
    ),
    "mt940": Adapter(
        version=2,
        about="statements of bank accounts in SWIFT's MT940 and MT942",
        units="transactions",
        read=mt940.read,
        count=count_mt940,
        gives="rows",
        defaults=default_of("mt940.toml"),
    ),
}
