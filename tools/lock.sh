#!/usr/bin/env bash
# Resolves pyproject.toml into the locks: every version, with the hashes of its public files, for every
# Python that the project supports. `--upgrade` moves to the newest versions; without it a lock that still
# fits stays as it is. What a lock installs on top of another has the same versions as that one.
set -euo pipefail
cd "$(dirname "$0")/.."

export UV_CUSTOM_COMPILE_COMMAND="make lock"
lock() { # lock FILE [options]: the machine's own index, links and settings are left out
    local file=$1
    shift
    .venv/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
        --generate-hashes --no-emit-index-url --no-emit-find-links --annotation-style line \
        --output-file "$file" "$@"
    echo "$file: $(grep -c == "$file") packages"
}

# normality asks for PyICU, which has no wheels: it is left out, and `requirements-icu.in` stands in for it.
project() { # project FILE [options]
    lock "$@" pyproject.toml requirements-icu.in --excludes <(echo pyicu)
}

lock requirements-build.lock requirements-build.in "$@"
lock requirements-icu-source.lock requirements-icu-source.in --constraints requirements-build.lock "$@"
project requirements.lock --constraints requirements-build.lock "$@"
project requirements-igraph.lock --extra igraph --constraints requirements.lock "$@"
project requirements-dev.lock --extra dev --constraints requirements.lock "$@"
project requirements-lab.lock --extra lab --constraints requirements-dev.lock "$@"
