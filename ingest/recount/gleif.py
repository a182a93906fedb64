"""Count the records of a file of GLEIF a second time."""

from typing import IO

from ingest.recount.counted import Counted, Told
from ingest.recount.lists import count_objects
from ingest.recount.xml_elements import count_elements

_of_xml = count_elements("LEIRecord", "RelationshipRecord", "Exception")
_of_json = count_objects("records", "relations", "exceptions")


def count_gleif(stream: IO[bytes], told: Told) -> Counted:
    """Count the records of XML, or the objects of JSON."""
    start = stream.read(256).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    stream.seek(0)
    return (_of_xml if start.startswith(b"<") else _of_json)(stream, told)
