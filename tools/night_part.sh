#!/usr/bin/env bash
# Runs a part of what waits for the night (tests/selection.py), in five minutes: `tools/night_part.sh [3/20]`. Without a
# part it is that of today, one of twenty by the day of the year, so that all have their turn within a month. It
# prints what it drew, and what it did not come to. A part is: tests on SQLite, with examples that the date seeds; named
# mistakes (tools/mutations.toml); tests on a line of Neo4j, in turn 5 and, if a Java for it is there, 2026; some seconds
# of fuzzing of some adapters. On a slow day less of it comes to its turn; what comes first is another each day.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE

day=$((10#$(date -u +%j)))
part=${1:-$((day % 20))/20}
number=${part%/*}
of=${part#*/}
seed=$(date -u +%Y%m%d)
line=5
if [ $((day / 20 % 2)) -eq 1 ] && python3 tools/neo4j.py start --line 2026 --name part >/dev/null 2>&1; then
    python3 tools/neo4j.py remove --name part >/dev/null
    line=2026
fi

stage() { printf '\n--- part %s of the night: %s (after %d s)\n' "$part" "$*" "$SECONDS"; }

left() { echo $(($1 > SECONDS ? $1 - SECONDS : 1)); }

# run UNTIL KIND: the tests of the part on a kind of store. None begins after that second, and what is at work half a
# minute later is given up; the first that fails ends them.
run() {
    local status=0
    WORKBENCH_TEST_PART=$part WORKBENCH_TEST_SECONDS=$(left "$1") WORKBENCH_TEST_STORE=$2 WORKBENCH_TEST_NEO4J=$line \
        timeout --signal INT --kill-after 10 "$(left $(($1 + 30)))" \
        .venv/bin/pytest -v -x -n "${WORKERS:-2}" --dist loadfile --no-loadscope-reorder -rs \
        --hypothesis-seed "$seed" --durations 10 --durations-min 5 || status=$?
    case $status in
        0 | 5) ;; # 5: none was drawn
        124 | 137) echo "What was at work after half a minute more was given up." ;;
        *) return "$status" ;;
    esac
}

stage "tests on SQLite"
run 100 sqlite
stage "named mistakes"
.venv/bin/python -m tools.mutate_logic --part "$part" --seconds "$(left 170)"
stage "tests on Neo4j $line"
run 225 neo4j
stage "fuzzing"
mapfile -t adapters < <(.venv/bin/python -c "
from ingest.formats import ADAPTERS
print(*sorted(ADAPTERS)[$number::$of], sep='\n')")
.venv/bin/python -m tests.ingest.fuzz_all $(($(left 280) / (${#adapters[@]} + 1) + 1)) "${adapters[@]}"
stage "done"
