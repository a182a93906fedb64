"""Detection: name the format of a file from its content, never by its name."""

from ingest.detection.choosing import Undecided, adapter_of
from ingest.detection.looking import Detected, Look, detect

__all__ = ["Detected", "Look", "Undecided", "adapter_of", "detect"]
