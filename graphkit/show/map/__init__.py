"""The offline map: one HTML file that shows gaps, bridge figures and whom a member reaches."""

from __future__ import annotations

from graphkit.show.map.write import write_map as write_map

__all__ = ["write_map"]
