"""What a measure takes: a Network, or it says how to make one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from graphkit.arguments import need_a
from graphkit.network.network import Network

Measure = TypeVar("Measure", bound=Callable[..., Any])


def takes_network(measure: Measure) -> Measure:
    """Let a function be called with a Network first, and refuse anything else.

    Examples
    --------
    >>> takes_network(len)(Network)
    Traceback (most recent call last):
    graphkit.errors.ParameterError: len takes a graphkit Network, not builtins.type: give it Network.from_tables(…) or Network.from_networkx(…)
    len 须给 graphkit 的 Network，而不是 builtins.type：请给 Network.from_tables(…) 或 Network.from_networkx(…)
    """

    @functools.wraps(measure)
    def checked(network: object, *others: Any, **named: Any) -> Any:
        need_a(Network, network, measure.__name__)
        return measure(network, *others, **named)

    return cast("Measure", checked)
