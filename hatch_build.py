"""Put into the instructors' wheel what the grader reads of a checkout; an editable install reads the checkout itself."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CHECKOUT = ("LICENSE", "course.toml", "nbgrader_config.py", "pyproject.toml", "source")


class Checkout(BuildHookInterface):
    """Add the files, where `autograder.course.FILES` looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            build_data["force_include"] |= {name: f"autograder/checkout/{name}" for name in CHECKOUT}
