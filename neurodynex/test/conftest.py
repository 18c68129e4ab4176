"""What Brian2 and matplotlib warn of hides what pytest tells of the installation: they call pyparsing by its old names."""

import warnings

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Ignore warnings of deprecated calls, which nobody who installs the package can do anything about."""
    # While the tests run; and now, since pytest has begun to collect when `--pyargs` makes it find this file.
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
