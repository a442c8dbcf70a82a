"""What a measure takes: a Network, or it says how to make one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from graphkit.errors import ParameterError
from graphkit.network.network import Network

Measure = TypeVar("Measure", bound=Callable[..., Any])

_WAYS = (
    ("networkx", "Network.from_networkx(g)"),
    ("igraph", "Network.from_networkx(g.to_networkx())"),
    ("graphkit.data.tables", "Network.from_tables(tables)"),
)


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
        if not isinstance(network, Network):
            _refuse(network, measure.__name__)
        return measure(network, *others, **named)

    return cast("Measure", checked)


def _refuse(value: object, name: str) -> None:
    homes = [f"{kind.__module__}." for kind in type(value).__mro__]
    ways = [way for package, way in _WAYS if any(home.startswith(f"{package}.") for home in homes)]
    told = f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}"
    en, zh = (ways[0], ways[0]) if ways else [f"Network.from_tables(…) {word} Network.from_networkx(…)" for word in ("or", "或")]
    raise ParameterError(
        f"{name} takes a graphkit Network, not {told}: give it {en}", zh=f"{name} 须给 graphkit 的 Network，而不是 {told}：请给 {zh}"
    )
