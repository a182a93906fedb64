#!/usr/bin/env bash
# Installs the Debian packages that are missing: `python` for the virtual environment, `build` for PyICU where no wheel of
# ICU fits, `browser` for what the browser's tests run in, `neo4j` for a server of one's own. Nothing is run where
# nothing is missing; where it may not install, it says the one line to type and fails.
set -euo pipefail
here=$(dirname "$0")

missing=()
need() { # need PACKAGE COMMAND…: the package is missing where the command fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

find_missing() {
    missing=()
    local group python
    for group in "$@"; do
        case $group in
        python)
            python=$("$here/find_python.sh")
            need python3 test -n "$python"
            need python3-venv "${python:-false}" -c 'import ensurepip, venv'
            ;;
        build)
            python=$("$here/find_python.sh")
            need python3-dev "${python:-false}" -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")'
            need g++ command -v g++
            need pkg-config command -v pkg-config
            need libicu-dev pkg-config --exists icu-i18n
            ;;
        browser)
            need chromium command -v chromium
            need fonts-noto-core test -e /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf
            ;;
        neo4j)
            need openjdk-17-jre-headless command -v java
            need maven command -v mvn
            need openssl command -v openssl
            ;;
        *)
            echo "$0: no group of packages $group: python, build, browser or neo4j" >&2
            exit 2
            ;;
        esac
    done
}

find_missing "$@"
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing: what Debian calls ${missing[*]}. Install them with this system's package manager, then try again." >&2
    exit 1
elif [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "Debian packages are missing. Type this, then try again:" >&2
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

echo "Installing missing Debian packages: ${missing[*]}"
apt_get=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
"${apt_get[@]}" update
"${apt_get[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null

find_missing "$@"
if [ ${#missing[@]} -gt 0 ]; then
    echo "Installed, but still not usable: ${missing[*]}. The workbench needs Python 3.11 or newer, with venv," >&2
    echo "as \`python3\` or \`python3.NN\` on PATH; \`tools/find_python.sh\` prints the one that is used." >&2
    exit 1
fi
