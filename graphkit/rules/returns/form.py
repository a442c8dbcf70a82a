"""What the form of a return is: its classes, the first of which that holds is where a unit stands, and its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from graphkit.errors import ParameterError
from graphkit.rules.conditions import AnyOf, Case, Facts, may_hold_any
from graphkit.rules.pack import Rule
from graphkit.rules.templates import fill
from graphkit.words import Text, same

UNCLASSED = "unknown"
_UNCLASSED_LINE = Text("不能归类", "cannot be classed")


@dataclass(frozen=True, slots=True)
class ReturnClass:
    """One class: whoever meets one of the conditions `when`, and no class before it; whoever is left, if there are none."""

    id: str
    heading: Text
    when: AnyOf


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the form: the classes that it adds up. A `part` says how many of the line above it are so, and adds nothing to the total."""

    heading: Text
    classes: tuple[str, ...]
    part: bool = False


@dataclass(frozen=True)
class ReturnForm:
    """A form of a return under one name.

    Attributes
    ----------
    id : str
        Its name.
    title, source : Text
        What it is, and where its classes come from.
    numbers : mapping of str to int
        The numbers that its conditions name.
    classes : tuple of ReturnClass
        In the order in which they are tried; the last takes whoever is left.
    lines : tuple of Line
        As the form shows them. Those that are no `part` hold each class once.
    """

    id: str
    title: Text
    source: Text
    numbers: Mapping[str, int]
    classes: tuple[ReturnClass, ...]
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))

    @property
    def words(self) -> dict[str, Text]:
        """The classes in words, in the order of the form, and last what cannot be classed."""
        return {**{one.id: one.heading for one in self.classes}, UNCLASSED: _UNCLASSED_LINE}

    @property
    def rule(self) -> Rule:
        """Everything that its conditions ask of, as one rule: by it one sees which facts must be known."""
        conditions = tuple(condition for one in self.classes for condition in one.when)
        numbers = {name: (Case(value),) for name, value in self.numbers.items()}
        return Rule(self.id, self.title, self.title, "Cooperative", self.source, "", conditions, numbers=numbers)

    def with_numbers(self, **numbers: int) -> ReturnForm:
        """Return the form with other numbers.

        Raises
        ------
        ParameterError
            If it has no such number.
        """
        for name in numbers:
            if name not in self.numbers:
                raise ParameterError(Text(f"{self.id} 没有数值 {name!r}", f"{self.id} has no number {name!r}"))
        return replace(self, numbers={**self.numbers, **numbers})

    def classify(self, facts: Facts) -> Sequence[int]:
        """Return the position of the class of each case, of which everything is known."""
        numbers = {name: [(value, ())] for name, value in self.numbers.items()}
        holds = [may_hold_any(one.when, facts, numbers)[0] if one.when else np.ones(facts.size, bool) for one in self.classes]
        return [int(place) for place in np.argmax(np.stack(holds), axis=0)]

    def lay_out(self) -> tuple[Line, ...]:
        """Return the lines with their numbers put in, and last that of what cannot be classed."""
        names = {name: same(str(value)) for name, value in self.numbers.items()}
        lines = [replace(line, heading=fill(line.heading, {}, names)) for line in self.lines]
        return (*lines, Line(_UNCLASSED_LINE, (UNCLASSED,)))
