"""Grade through Otter, from the folder that holds this file ({{ assignment }}, package {{ version }})."""

import os
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent

# Otter's kernel has to find the judge too, and finds nothing of the submission's.
os.environ["PYTHONPATH"] = str(SOURCE)
sys.path[0] = str(SOURCE)

from autograder.adapters.gradescope import main  # noqa: E402

sys.exit(main(SOURCE.parent, "{{ assignment }}"))
