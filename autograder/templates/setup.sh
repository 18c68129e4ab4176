#!/usr/bin/env bash
# Prepare the grading image: one Python environment, world-readable, outside of what submissions must not see.
set -euo pipefail
cd "$(dirname "$0")"
unset PYTHONDONTWRITEBYTECODE
export UV_PYTHON_INSTALL_DIR=/opt/neurodynex/python UV_NO_CACHE=1

if ! command -v pip3 >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pip
fi
pip3 install --root-user-action=ignore uv || pip3 install --root-user-action=ignore --break-system-packages uv

uv venv --python ">=3.11,<3.15" /opt/neurodynex/venv
uv pip install --python /opt/neurodynex/venv/bin/python --require-hashes --compile-bytecode -r requirements.lock
{%- if packages %}
uv pip install --python /opt/neurodynex/venv/bin/python --compile-bytecode {{ packages }}
{%- endif %}
/opt/neurodynex/venv/bin/python -m compileall -q autograder neurodynex

chmod -R go+rX /opt/neurodynex
chmod 700 .

# The lists of fonts, the grader's and the sandbox's, and the simulations' machine code (`neurodynex warmup`), here instead
# of before each submission; and for the log, what isolates submissions.
/opt/neurodynex/venv/bin/python - <<END
import matplotlib.font_manager
from autograder.sandbox import available
from autograder.sandbox.backends.staging import fonts, machine_code
fonts()
machine_code()
print("Sandboxes:", {name: reason or "works" for name, reason in available().items() if name != "none"})
END
