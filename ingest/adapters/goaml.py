"""Adapter `goaml`: reports of suspicion to a financial intelligence unit, in the XML of goAML.

Each transaction is a unit, and so is the activity of a report without transactions. All kinds of report (STR, SAR, AIF,
CTR ...) and versions are read. If `schema_file` under [[files]] names the XSD of the unit that gets them, a report that
is not valid by it is refused whole, with the place.

- `Persons`, `Entities` and `Accounts` have all who stand in a unit, however deep: those who pay or are paid,
  signatories, directors, conductors, related ones. Each has a `Key`, the same for all of the same content in a report.
- `Links` says who is tied to whom, by these keys. `From` and `To` are the sides of a transaction, `Parties` those of a
  transaction with many or of an activity. `Reporter` is who wrote the report, and no subject of it.
- The report is `^report`, with a `Key`. A report without transactions and activity is one unit.
"""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.goaml_subjects import shaped
from ingest.adapters.xml_document import rows
from ingest.adapters.xml_units import Kind
from ingest.adapters.xsd import check_valid
from ingest.shapes import Frame, Readable, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_KIND = Kind("a goAML report", ("report",), [("report", "transaction"), ("report", "activity")], alone=[("report",)])
_NEEDED = ("rentity_id", "report_code")


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row]:
    """Yield each transaction or activity; FileRefused if it is no report, or not valid by the schema."""
    is_checked = False
    for item in rows(path, _KIND):  # finds what is no XML, or has entities, before anything else looks at it
        if not is_checked and written.schema_file:
            check_valid(path, written.schema_file)
        is_checked = True
        if isinstance(item, Frame):
            yield item
            continue
        row = shaped(item)
        report = row.fields["^report"] if isinstance(row.fields, dict) else {}
        missing = [name for name in _NEEDED if name not in report]
        if missing:
            message = f"{path.name}: its report has no {' and no '.join(missing)}: is it a goAML report?"
            raise FileRefused("not this format", message)
        yield row
