"""Normal forms: of one value, what is the same however it is written. Originals are kept beside them, untouched.

`VERSION` says how they are computed. What was kept under another version has to be computed again.
"""

VERSION = 1
