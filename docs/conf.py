"""Sphinx's configuration of the documentation's site."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from autograder import __version__  # noqa: E402

project = "Neuronal Dynamics assignments"
author = "The maintainers of neurodynex-assignments"
copyright = "the maintainers, GPL-2.0-or-later"
release = version = __version__
extensions = [
    "generate",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "sphinx_design",
]
exclude_patterns = ["generated/attacks.md", "generated/road.md", "generated/samples.md", "generated/suites.md"]
# `make docs FOR=students`: without the page that shows expected values.
if tags.has("students"):  # noqa: F821
    exclude_patterns.append("generated/gallery.*")  # Sphinx takes what it does not find for a .rst
    suppress_warnings = ["toc.excluded"]
html_theme = "furo"
html_title = "Neuronal Dynamics assignments"
html_static_path = ["_static"]
html_js_files = ["scrolled.js"]
html_css_files = ["site.css"]
html_show_sourcelink = html_copy_source = False
# A summary is fetched, which a browser refuses to a page from the file system.
html_show_search_summary = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5cad", "color-brand-content": "#0b5cad"},
    "dark_css_variables": {"color-brand-primary": "#7db8f0", "color-brand-content": "#7db8f0"},
}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False
autodoc_typehints = "none"
autodoc_mock_imports: list[str] = []
