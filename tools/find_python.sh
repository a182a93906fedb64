#!/usr/bin/env bash
# Prints the first Python on PATH that is new enough; prints nothing where there is none.
set -euo pipefail

for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if path=$(command -v "$name") && "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$path"
        break
    fi
done
