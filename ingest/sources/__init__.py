"""How a path becomes sources that can be read, safely: files, compressed ones too, and members of archives."""

from ingest.sources.naming import Members, fits, named
from ingest.sources.opening import opened, plain
from ingest.sources.source import Source

__all__ = ["Members", "Source", "fits", "named", "opened", "plain"]
