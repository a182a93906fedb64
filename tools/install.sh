#!/usr/bin/env bash
# Installs into .venv: `tools/install.sh venv` makes it anew, with what installs the rest; `tools/install.sh FILE.lock`
# adds what a lock lists, from hashes; `tools/install.sh project` adds this project.
set -euo pipefail
cd "$(dirname "$0")/.."

add() { .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation "$@"; }

make_venv() {
    local python
    echo "Making the virtual environment .venv"
    rm -rf .venv
    if command -v uv >/dev/null; then
        python=$(tools/find_python.sh)
        uv venv --quiet --no-project ${python:+--python "$python"} .venv
        uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-build.lock
    else
        tools/system_packages.sh python
        "$(tools/find_python.sh)" -m venv .venv
        .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-build.lock
    fi
}

install_lock() { # install_lock FILE
    local said
    echo "Installing $1"
    said=$(mktemp)
    if ! add --require-hashes --requirement "$1" 2>"$said"; then
        if grep -q 'pyicu-wheels' "$said"; then
            install_with_pyicu "$1"
        else
            cat "$said" >&2
            rm "$said"
            return 1
        fi
    fi
    rm "$said"
}

install_with_pyicu() { # install_with_pyicu FILE: on a machine that no wheel of ICU fits
    local rest
    rest=$(mktemp)
    awk '/^[a-zA-Z0-9]/ { left = /^pyicu-wheels==/ } !left' "$1" >"$rest"
    if ! .venv/bin/python -c 'import icu' 2>/dev/null; then
        echo "No wheel of ICU fits this machine: PyICU is built from source, which takes some minutes"
        tools/system_packages.sh build
        cat requirements-icu-source.lock >>"$rest"
    fi
    add --require-hashes --requirement "$rest"
    rm "$rest"
}

case ${1:-} in
venv) make_venv ;;
project) add --editable . ;;
*.lock) install_lock "$1" ;;
*)
    echo "$0: venv, project or a lock" >&2
    exit 2
    ;;
esac
