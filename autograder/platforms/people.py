"""Who is who: a person on each platform, and finding one by what a platform tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.errors import InstructorError
from neurodynex import variant

#: Which of a person's texts stand for the same thing, so that no two people may share one.
SPACES = {"name": ("id", "email"), "number": ("sid",), "canvas": ("canvas",), "moodle": ("moodle",)}
#: The platforms where people do not choose their own name.
NAMED_BY_OTHERS = ("canvas", "moodle")


@dataclass(frozen=True)
class Person:
    """A row of a roster.

    Attributes
    ----------
    id : str
        By which the person is graded: the roster's own id, else the login or the address on the platform.
    name, email : str
    sid : str
        The institution's number: `SIS User ID`, `ID number`, `SID`.
    canvas, moodle, gradescope : str
        The ids on the platforms.
    section : str
    group : str
        Those of one group hand in together.
    extra_days : float
        By how many days this person may be late.
    row : int
        Where it stands in the roster, from 1.
    """

    id: str
    name: str = ""
    email: str = ""
    sid: str = ""
    canvas: str = ""
    moodle: str = ""
    gradescope: str = ""
    section: str = ""
    group: str = ""
    extra_days: float = 0
    row: int = 0

    def __str__(self) -> str:
        return f"{self.id} ({self.name})" if self.name and self.name != self.id else self.id


@dataclass(frozen=True)
class Sender:
    """Who handed in, as a platform tells.

    Attributes
    ----------
    platform : str
    key : str
        The platform's own id.
    name, email, sid : str
        As far as they are known.
    """

    platform: str
    key: str
    name: str = ""
    email: str = ""
    sid: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.platform} {self.key})" if self.name else f"{self.platform} {self.key}"


@dataclass
class Roster:
    """Everybody in the course.

    Attributes
    ----------
    people : list of Person
    course : neurodynex.variant.Course
        How ids are compared.
    """

    people: list[Person]
    course: variant.Course
    _by: dict[tuple[str, str], Person] = field(default_factory=dict)
    _by_name: dict[str, list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clashes = []
        for person in self.people:
            for claim in self._claims(person):
                other = self._by.setdefault(claim, person)
                if other is not person:
                    clashes.append(
                        f"rows {other.row} and {person.row}, {other} and {person}, both claim {claim[1]!r} ({_in_words(claim[0])})"
                    )
            self._by_name.setdefault(letters(person.name), []).append(person)
        if clashes:
            raise InstructorError(
                "\n  ".join(
                    ["Two rows of the roster claim one id. Correct or delete one of them:", *dict.fromkeys(clashes)]
                )
            )

    def _claims(self, person: Person) -> Iterator[tuple[str, str]]:
        for space, names in SPACES.items():
            found = {self._key(space, text) for name in names if (text := getattr(person, name))}
            yield from ((space, text) for text in sorted(found))
        if person.gradescope:
            yield self._gradescope(person.gradescope)

    def _gradescope(self, text: str) -> tuple[str, str]:
        """Return the claim of what may be an address, a number of the institution, or a user id of Gradescope's."""
        return "gradescope", self._key("name", text) if "@" in text else text.casefold()

    def _key(self, space: str, text: str) -> str:
        return comparable(text, self.course) if space == "name" else text.casefold()

    def find(self, sender: Sender) -> Person | None:
        """Return who that is; None if that is nobody, or not clear."""
        for claim in self._asked(sender):
            if person := self._by.get(claim):
                return person
        # The full name tells only where the roster does not know the platform's ids at all.
        if sender.platform in NAMED_BY_OTHERS and not any(getattr(person, sender.platform) for person in self.people):
            named = self._named(sender.name) if sender.name else []
            return named[0] if len(named) == 1 else None
        return None

    def _asked(self, sender: Sender) -> Iterator[tuple[str, str]]:
        if sender.key:
            yield sender.platform, sender.key.casefold()
        for text in (sender.email, sender.sid):
            if text:
                yield self._gradescope(text)
        if sender.email:
            yield "name", self._key("name", sender.email)
        if sender.sid:
            yield "number", sender.sid.casefold()
            yield "name", self._key("name", sender.sid)

    def _named(self, name: str) -> list[Person]:
        for start in (0, *(found.end() for found in re.finditer("-", name))):  # behind a group's name
            if named := self._by_name.get(letters(name[start:]), []):
                return named
        return []

    def by_id(self, student: str) -> Person | None:
        """Return the person of that id or address."""
        return self._by.get(("name", self._key("name", student)))

    def by_canvas(self, key: str) -> Person | None:
        """Return the person of that user id of Canvas's."""
        return self._by.get(("canvas", key.casefold()))

    def group_of(self, person: Person) -> list[Person]:
        """Return everybody who hands in together with a person, that one among them."""
        if not person.group:
            return [person]
        return [other for other in self.people if other.group == person.group]

    def in_group(self, name: str) -> list[Person]:
        """Return the people of a group, by what a platform makes of its name."""
        wanted = letters(name)
        return [person for person in self.people if person.group and wanted and letters(person.group) == wanted]


def comparable(student: str, course: variant.Course) -> str:
    """Return the form of an id that counts, also of one that cannot be a student's, which is said where it is used."""
    try:
        return variant.normalise(student, course)
    except ValueError:
        return student.casefold()


def letters(name: str) -> str:
    """Return a name's letters and digits in alphabetical order: the same for "Lovelace, Ada", "Ada Lovelace" and "lovelaceada"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sorted(sign for sign in decomposed if sign.isalnum()))


def _in_words(space: str) -> str:
    return {"name": "id or address", "number": "number at the institution"}.get(space, f"{space} id")
