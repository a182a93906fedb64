#!/usr/bin/env bash
# Runs one of thirty parts of the night (tests/selection.py) in five minutes: `tools/night_part.sh [7]`, by default that
# of the day of the year, so that each is begun once a month. An even part is a fifteenth of the tests on SQLite, with
# examples that the date seeds, then a fifteenth of the named mistakes (tools/mutations.toml), then some seconds of
# fuzzing of some adapters. An odd part is a fifteenth of the tests on Neo4j: in odd months, and if a Java for it is
# there, of the line 2026. The part prints what it drew, and what it did not come to in its time: each day another order.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE

asked=${1:-$((10#$(date -u +%j) % 30))}
number=$((10#0${asked//[^0-9]/}))
if [[ ! $asked =~ ^[0-9]+$ ]] || [ "$number" -ge 30 ]; then
    echo "$0: there is no part $asked of the night: parts are 0 to 29" >&2
    exit 2
fi
of=15
fifteenth=$((number / 2 % of))

stage() { printf '\n--- part %s of 30 of the night: %s (after %d s)\n' "$number" "$*" "$SECONDS"; }

left() { echo $(($1 > SECONDS ? $1 - SECONDS : 1)); }

# run UNTIL KIND LINE: the tests of the part on a kind of store. None begins after that second, and what is at work half
# a minute later is given up: it may be slow, or hang. The first that fails ends them.
run() {
    local status=0 said
    said=$(mktemp)
    WORKBENCH_TEST_PART=$fifteenth/$of WORKBENCH_TEST_SECONDS=$(left "$1") WORKBENCH_TEST_STORE=$2 WORKBENCH_TEST_NEO4J=$3 \
        timeout --signal INT --kill-after 10 "$(left $(($1 + 30)))" \
        .venv/bin/pytest -v -x -n "${WORKERS:-2}" --dist loadfile --no-loadscope-reorder -rs \
        --hypothesis-seed "$(date -u +%Y%m%d)" --durations 10 --durations-min 5 | tee "$said" || status=$?
    if grep -qE '(^|\] )(FAILED|ERROR) ' "$said"; then # also if another test is at work and given up then
        [ "$status" -ne 0 ] && [ "$status" -lt 124 ] || status=1
    fi
    rm "$said"
    case $status in
        0 | 5) ;; # 5: none was drawn
        124 | 137) echo "What was at work after half a minute more was given up." ;;
        *) return "$status" ;;
    esac
}

if [ $((number % 2)) -eq 1 ]; then
    line=5
    has_java() { PYTHONPATH=tools python3 -c "from neo4j_jars import LINES, find_java; find_java(LINES['2026'])" 2>/dev/null; }
    if [ $((10#$(date -u +%m) % 2)) -eq 1 ] && has_java; then line=2026; fi
    stage "tests on Neo4j $line"
    run 235 neo4j "$line"
else
    stage "tests on SQLite"
    run 150 sqlite 5
    stage "named mistakes"
    .venv/bin/python -m tools.mutate_logic --part "$fifteenth/$of" --seconds "$(left 250)"
    stage "fuzzing"
    mapfile -t adapters < <(.venv/bin/python -c "
from ingest.formats import ADAPTERS
print(*sorted(ADAPTERS)[$fifteenth::$of], sep='\n')")
    .venv/bin/python -m tests.ingest.fuzz_all $(($(left 280) / (${#adapters[@]} + 1) + 1)) "${adapters[@]}"
fi
stage "done"
