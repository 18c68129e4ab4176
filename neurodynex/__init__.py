"""Python exercises that accompany the book *Neuronal Dynamics* (https://neuronaldynamics.epfl.ch).

One subpackage per exercise; importing ``neurodynex`` itself is quick and does not load Brian2.
"""

from importlib.metadata import PackageNotFoundError, version

from neurodynex.variant import identify

__all__ = ["__version__", "identify"]

try:
    __version__ = version("neurodynex-assignments")
except PackageNotFoundError:  # the source tree is used without being installed
    __version__ = "0+unknown"
