"""What this copy of the program does with the laws; for `tools/mutate_view.py`.

`python -m tests.laws.bite EXAMPLES LEAST PREFIX` asks the functions whose names begin so and prints a
hash of every answer, as JSON. With a file of such answers after it, it prints which functions
break a law, and which answer otherwise than in that file; after LEAST examples it stops once every
function that answers otherwise breaks a law.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from tests.laws.catalogue import questions
from tests.laws.stages import close_all
from tests.laws.survey import Broken, survey


def main() -> None:
    examples, least, prefix, *before = sys.argv[1:]
    known: dict[str, str] = json.loads(Path(before[0]).read_text("utf-8")) if before else {}
    heard: dict[str, str] = {}
    changed: set[str] = set()

    def listen(name: str, told: bytes) -> None:
        heard[name] = sha256(told).hexdigest()
        if known and heard[name] != known.get(name):
            changed.add(name.split()[1])

    def enough(broken: Broken, cases: int) -> bool:
        caught = {name for _, name in broken}
        return bool(before) and bool(broken) and cases >= int(least) and changed <= caught

    asked = [question for question in questions() if question.name.startswith(prefix)]
    broken = survey(asked, int(examples), Exception, listen, enough)
    close_all()
    caught = sorted({name for _, name in broken})
    json.dump({"broken": caught, "changed": sorted(changed)} if before else heard, sys.stdout)


if __name__ == "__main__":
    main()
