"""The documentation's site, as `make docs` builds it."""

import sys

from tests.conftest import ROOT

DOCS = ROOT / "docs"
#: What comes before the folder of the sources and that of the site.
SPHINX = (sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--builder", "html")
