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
        --output-file "$file" "${@:2}" "$1"
    echo "$file: $(grep -c == "$file") packages"
}

lock requirements-build.lock requirements-build.in "$@"
lock requirements.lock pyproject.toml "$@"
lock requirements-igraph.lock pyproject.toml --extra igraph --constraint requirements.lock "$@"
lock requirements-dev.lock pyproject.toml --extra dev --constraint requirements.lock "$@"
lock requirements-lab.lock pyproject.toml --extra lab --constraint requirements-dev.lock "$@"
