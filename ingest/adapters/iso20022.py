"""Adapter `iso20022`: statements, payments and returns in the XML messages of ISO 20022. Each transaction is a unit.

It reads camt.052, camt.053 and camt.054 (reports, statements and advices of a bank), pain.001 and pain.008 (orders of
a customer), pacs.003, pacs.008, pacs.009 (payments between banks) and pacs.004 (their returns), of any version.

- In camt a unit is a `TxDtls`. An entry without any is one unit, and so is a statement without entries, because it
  tells balances.
- Reports and advices stand under `^Stmt` like statements. An entry is `^Ntry`, a group of orders `^PmtInf`, the message
  `^Message`. Balances are read with the first unit of their statement.
- `Parties` and `Accounts` have all parties and accounts of a unit. Each says what it is in the payment (`Role`), and
  has a `Key` that is the same wherever it stands; `Dbtr`, `Cdtr`, `DbtrAcct` and so on name these keys.
- `Dbtr` always pays and `Cdtr` always gets the money: in a return, and in an entry that is reversed, the sides of the
  first payment are exchanged. Where the account of the statement stands on a side, that tells; else `RvslInd` does.
- `EntryAmt` is the amount of an entry with one transaction. The sum of a batch is no amount of its transactions.
- What is sent again under the same ids changes nothing. The same money in an order, a report and a statement is three
  transfers: give these messages datasets of their own.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.iso20022_shape import shaped
from ingest.adapters.xml_document import rows
from ingest.adapters.xml_units import Kind
from ingest.shapes import Frame, Readable, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_MESSAGES = "camt.052, camt.053, camt.054, pain.001, pain.008, pacs.003, pacs.004, pacs.008, pacs.009"
_KIND = Kind(
    f"a message of ISO 20022 ({_MESSAGES})",
    (),
    [
        ("NtryDtls", "TxDtls"),
        ("Ntry", "TxDtls"),
        ("PmtInf", "CdtTrfTxInf"),
        ("PmtInf", "DrctDbtTxInf"),
        ("FIToFICstmrCdtTrf", "CdtTrfTxInf"),
        ("FIToFICstmrDrctDbt", "DrctDbtTxInf"),
        ("FICdtTrf", "CdtTrfTxInf"),
        ("PmtRtr", "TxInf"),
    ],
    alone=[
        *[(each, "Ntry") for each in ("Stmt", "Rpt", "Ntfctn")],
        *[("BkToCstmrStmt", "Stmt"), ("BkToCstmrAcctRpt", "Rpt"), ("BkToCstmrDbtCdtNtfctn", "Ntfctn")],
        *[("CstmrCdtTrfInitn", "PmtInf"), ("CstmrDrctDbtInitn", "PmtInf"), ("Document", "PmtRtr")],
    ],
    held=[("Ntry",)],
)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row]:
    """Yield each transaction; FileRefused if the file is no such message, or has nothing in it."""
    found = 0
    statement: object = None
    for item in rows(path, _KIND):
        if isinstance(item, Frame):
            yield item
            continue
        found += 1
        row, about = shaped(item, statement)
        statement = about
        yield row
    if not found:
        message = f"{path.name} has no statement, payment or return: is it whole, and one of {_MESSAGES}?"
        raise FileRefused("not this format", message)
