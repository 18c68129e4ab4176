#!/usr/bin/env bash
# Prepare the grading image: one Python environment, world-readable, outside of what submissions must not see.
set -euo pipefail
cd "$(dirname "$0")"
unset PYTHONDONTWRITEBYTECODE
export UV_PYTHON_INSTALL_DIR=/opt/neurodynex/python

if ! command -v pip3 >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pip
fi
pip3 install --root-user-action=ignore uv || pip3 install --root-user-action=ignore --break-system-packages uv

uv venv --python ">=3.11,<3.14" /opt/neurodynex/venv
uv pip install --python /opt/neurodynex/venv/bin/python --require-hashes --compile-bytecode -r requirements.lock
/opt/neurodynex/venv/bin/python -m compileall -q autograder neurodynex

chmod -R go+rX /opt/neurodynex
chmod 700 .
