"""Make workbooks for tests, part by part, as Excel and other programs write them."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text_cell(text: str) -> str:
    """A cell with a text."""
    written = "".join(f"_x{ord(sign):04X}_" if sign in "\0\r" else sign for sign in text)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(written)}</t></is></c>' if text else "<c/>"


def number_cell(number: str, style: int = 0) -> str:
    """A cell with a number, as it is written in the file."""
    return f'<c s="{style}"><v>{number}</v></c>'


def shared_cell(number: int) -> str:
    """A cell that refers to a shared text."""
    return f'<c t="s"><v>{number}</v></c>'


def row(cells: Sequence[str], more: str = "") -> str:
    """A row of cells."""
    return f"<row{more}>{''.join(cells)}</row>"


def workbook(
    sheets: Mapping[str, Sequence[str]],
    *,
    shared: Sequence[str] = (),
    formats: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    hidden: Sequence[str] = (),
    settings: str = "",
    behind: str = "",
) -> bytes:
    """The bytes of a workbook: rows by sheet, shared texts, the number formats of styles 1 and after.

    `more` are other parts by name, `settings` stands in the workbook's part, `behind` after the rows of each sheet.
    """
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _links({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(sheets, hidden, settings),
        "xl/_rels/workbook.xml.rels": _links(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
            | {"rId98": ("sharedStrings", "sharedStrings.xml"), "rId99": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _styles(formats),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{"".join(shared)}</sst>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        inside = f"<sheetData>{''.join(rows)}</sheetData>{behind}"
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}">{inside}</worksheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, **(more or {})}.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def workbook_of_text(text: bytes) -> bytes:
    """A workbook of one sheet with the cells of a table of text."""
    rows = csv.reader(io.StringIO(text.decode("utf-8"), newline=""))
    return workbook({"Sheet1": [row([text_cell(cell) for cell in cells]) for cells in rows]})


def _links(links: Mapping[str, tuple[str, str]]) -> str:
    each = (f'<Relationship Id="{i}" Type="{_LINKS}/{kind}" Target="{to}"/>' for i, (kind, to) in links.items())
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(each)}</Relationships>'


def _book(sheets: Mapping[str, object], hidden: Sequence[str], settings: str) -> str:
    states = ["hidden" if name in hidden else "visible" for name in sheets]
    each = (
        f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in enumerate(zip(sheets, states, strict=True), 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{settings}<sheets>{"".join(each)}</sheets></workbook>'


def _styles(formats: Sequence[str]) -> str:
    codes = "".join(f'<numFmt numFmtId="{170 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{170 + n}"/>' for n in range(len(formats)))
    all_styles = f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs>'
    return f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts>{all_styles}</styleSheet>'
