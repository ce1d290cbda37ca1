#!/usr/bin/env bash
# Resolve requirements.in into requirements.lock, and the tools that look for weaknesses into a lock
# of their own: exact versions and the hash of every file, for Python 3.11 to 3.13 at once. Wheels only, so that an installation runs no foreign build script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install -q uv
for name in requirements scripts/tools/audit; do
  "$tools/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes \
    --only-binary :all: --no-header "$@" "$name.in" -o "$name.lock"
done
