"""Cut the remarks of an OFAC entry into what they say: `DOB 12 Jan 1961; Passport A1 (Egypt); Linked To: X.`"""

import re
from collections.abc import Mapping

from ingest.shapes import Branch

LINK = "Linked To: "

# What each label of a piece tells, and the labels.
_LABELS: Mapping[str, str] = {
    "dob": "DOB",
    "pob": "POB",
    "nationality": "nationality(?! possibly)",
    "citizen": "citizen",
    "gender": "Gender",
    "aka": r"a\.k\.a\.",
    "email": "Email Address",
    "website": "Website",
    "phone": r"(?:Telephone|Phone|PHONE)(?: No\.| Number)?:?",
    "swift": "SWIFT/BIC",
    "duns": "D-U-N-S Number",
    "lei": r"Legal Entity Number(?= \w{20}\b)",
    "imo": "(?:Vessel Registration Identification|Identification Number|Company Number)(?= IMO)",
    "mmsi": "MMSI",
    "past_flag": "Former Vessel Flag(?! None Identified)",
    "model": "Aircraft Model",
    "built": "Aircraft Manufacture Date",
    "serial": r"Aircraft Manufacturer's Serial Number \(MSN\)",
    "transponder": "Aircraft Mode S Transponder Code",
    "operator": "Aircraft Operator",
    "wallet": "Digital Currency Address -",
}
_LABEL = re.compile("|".join(f"(?P<{key}>{label})" for key, label in _LABELS.items()))
_ALT = re.compile(r"[Aa]lt\. ")

# Numbers that a country gives, by what they identify.
_KINDS: Mapping[str, str] = {
    "passport": "(?:Diplomatic )?Passport",
    "id": "Cedula|Citizen's Card|National (?:Foreign )?ID|Personal ID|Identification Number|Identity"
    r"|C\.U\.R\.P\.|C\.U\.I\.P\.|D\.N\.I\.|I\.F\.E\.|Numero de Identidad|Kenyan ID|Tazkira|Turkish Ident",
    "tax": r"NIT\b|R\.F\.C\.|RFC\b|RUC\b|RIF\b|RTN\b|Tax ID|US FEIN|V\.A\.T\.|C\.U\.I\.T\.|C\.I\.F\.|N\.I\.E\."
    "|Italian Fiscal|Fiscal Code",
    "registration": r"Registration (?:ID|Number)|Company Number|UK Company|Commercial Registry|Public Registration"
    r"|Business (?:Registration|Number)|Matricula|Folio|C\.R\. No\.|Trade License|Certificate of Incorporation"
    "|Chamber of Commerce|Registered Charity|Enterprise Number|Unified Social Credit|Central Registration",
    "other": "Birth Certificate|Driver|Electoral|Credencial|Cartilla|SSN|Residency|Stateless|Travel Document|Refugee"
    "|Seafarer|VisaNumberID|Military|Government Gazette|Legal Entity Number|License|Branch Unit",
}
_KIND = re.compile("|".join(f"(?P<{kind}>{labels})" for kind, labels in _KINDS.items()))
_DAY = r"(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4}"
_EXACT = re.compile(_DAY)
_DOCUMENT = re.compile(
    r"(?P<type>.+?)(?: #| No\.?)? (?P<number>(?=[^ (]*\d|[A-Z]{1,4} \d)[^(]*?)(?: \((?P<country>[^)]+)\))?"
    rf"(?: issued (?P<issued>{_DAY}))?(?: expires (?P<expires>{_DAY}))?(?P<more>| [(;].*| issued .*| expires .*)"
)

_LONGEST = 1_000  # no document's text is so long; on a long one the expression for it would work for ever

# What ends with a full stop of its own, which the end of a remark swallows.
_SHORT = re.compile(r"(?:\b[A-Z]\.(?: ?[A-Z]\.)* ?[A-Z]|\b(?:LTDA|LTD|INC|CO|CORP|CIA|BHD|JR|SR|Jr|Sr|Inc|Ltd|Co))$")


def pieces_of(remarks: str, *, is_rest: bool) -> list[str]:
    """The whole pieces of a remark: not one that is cut off, nor the first of the rest of a remark."""
    pieces = [each.strip() for each in remarks.split(";")]
    pieces[-1:] = [_ended(pieces[-1])] if pieces[-1].endswith(".") else []
    return [each for each in (pieces[1:] if is_rest else pieces) if each]


def said_in(pieces: list[str]) -> dict[str, Branch]:
    """What pieces say, by what they tell; `documents` are trees. A piece with an unknown label is left to the text."""
    found: dict[str, list[Branch]] = {}
    for piece in pieces:
        text = piece[alt.end() :] if (alt := _ALT.match(piece)) else piece
        label = _LABEL.match(text)
        if label is not None and label.lastgroup is not None:
            key, value = _value(label.lastgroup, text[label.end() :].strip())
            found.setdefault(key, []).append(value)
        elif (kind := _KIND.match(text)) is not None and (document := _document(text, kind.lastgroup or "")):
            found.setdefault("documents", []).append(document)
    return {key: list(dict.fromkeys(each)) if key != "documents" else each for key, each in found.items()}


def _value(key: str, text: str) -> tuple[str, str]:
    """What a piece tells, with the name under which it counts."""
    if key == "dob" and not _EXACT.fullmatch(text):
        return "inexact_dob", text
    return key, text.strip("'") if key == "aka" else text.removeprefix("IMO").strip() if key == "imo" else text


def _document(text: str, kind: str) -> Branch:
    found = _DOCUMENT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    said: dict[str, Branch] = {name: each.strip() for name, each in found.groupdict().items() if each and each.strip()}
    return {**said, "kind": kind, "text": text}


def _ended(last: str) -> str:
    """The last piece without the full stop at its end, unless that belongs to its last word."""
    text = last.removesuffix(".")
    return f"{text}." if text.startswith(LINK) and _SHORT.search(text[-_LONGEST:]) else text
