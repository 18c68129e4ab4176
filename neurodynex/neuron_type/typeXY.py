"""Two neuron models, NeuronX and NeuronY: one of them is type I and the other type II.

Which is which is the student's own variant once ``neurodynex.identify`` has been called (or the platform says who the
student is), and random each time the module is loaded until then.

Relevant book chapter: https://neuronaldynamics.epfl.ch/online/Ch4.S4.html
"""

from __future__ import annotations

import secrets

from neurodynex import variant
from neurodynex.neuron_type.neurons import NeuronAbstract, NeuronTypeOne, NeuronTypeTwo

__all__ = ["NeuronX", "NeuronY", "TypeIsGraded", "create_models"]

_TYPES: dict[str, type[NeuronAbstract]] = {"I": NeuronTypeOne, "II": NeuronTypeTwo}

NeuronX: type[NeuronAbstract]
NeuronY: type[NeuronAbstract]


class TypeIsGraded(RuntimeError):
    """The type of a neuron was asked for where finding it out is graded."""


def create_models() -> None:
    """Create the classes NeuronX and NeuronY in this module.

    While a student is known the assignment is that student's own, else it is random. Import the classes again after a
    call: names imported earlier still mean the earlier classes.

    Examples
    --------
    >>> from neurodynex.neuron_type import typeXY
    >>> typeXY.create_models()
    >>> issubclass(typeXY.NeuronX, NeuronAbstract)
    True
    """
    global NeuronX, NeuronY
    student = variant.current_student()
    if student is None:
        types = secrets.choice([{"NeuronX": "I", "NeuronY": "II"}, {"NeuronX": "II", "NeuronY": "I"}])
    else:
        types = variant.variant(student, "neuron_type")
    NeuronX = _create_model("NeuronX", _TYPES[types["NeuronX"]])
    NeuronY = _create_model("NeuronY", _TYPES[types["NeuronY"]])


def _create_model(name: str, base: type[NeuronAbstract]) -> type[NeuronAbstract]:
    def get_neuron_type(cls: type) -> type[NeuronAbstract]:
        """Return the underlying neuron model.

        Returns
        -------
        type
            NeuronTypeOne or NeuronTypeTwo.

        Raises
        ------
        TypeIsGraded
            If a student is known and the course has ``"neuron_type_answers": false``.
        """
        if variant.current_student() is not None and not variant.load_course().neuron_type_answers:
            raise TypeIsGraded(
                f"The type of {name} is what you are asked to find out, so get_neuron_type() does not tell it in this "
                "course. Compare the firing rates near the threshold instead."
            )
        return base

    namespace = {
        "__doc__": "A neuron of one of the two types; which one is to be found out.",
        "__module__": __name__,
        "get_neuron_type": classmethod(get_neuron_type),
    }
    return type(name, (base,), namespace)


create_models()
