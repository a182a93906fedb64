#!/usr/bin/env bash
# Runs a part of what waits for the night (tests/selection.py), in five minutes: `tools/night_part.sh [3/20]`. Without a
# part it is that of today, one of twenty by the day of the year, so that all have their turn within a month. It
# prints what it drew, and what it did not come to. A part is: tests on SQLite, with examples that the date seeds; tests
# on a line of Neo4j, in turn 5 and, if a Java for it is there, 2026; named mistakes
# (tools/mutations.toml); some seconds of fuzzing of some adapters.
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

run() { # run SECONDS KIND: the tests of the part on a kind of store; 5 says that none was drawn
    local status=0
    WORKBENCH_TEST_PART=$part WORKBENCH_TEST_SECONDS=$1 WORKBENCH_TEST_STORE=$2 WORKBENCH_TEST_NEO4J=$line \
        .venv/bin/pytest -v -n "${WORKERS:-2}" --dist loadfile --no-loadscope-reorder -rs \
        --hypothesis-seed "$seed" --durations 10 --durations-min 5 || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 5 ]
}

stage "tests on SQLite"
run 90 sqlite
stage "tests on Neo4j $line"
run 45 neo4j
stage "named mistakes"
.venv/bin/python -m tools.mutate_logic --part "$part" --seconds 40
stage "fuzzing"
mapfile -t adapters < <(.venv/bin/python -c "
from ingest.formats import ADAPTERS
print(*sorted(ADAPTERS)[$number::$of], sep='\n')")
.venv/bin/python -m tests.ingest.fuzz_all 8 "${adapters[@]}"
stage "done"
