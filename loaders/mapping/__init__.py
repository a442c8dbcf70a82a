"""Mappings: what each row of somebody's own file says, written in TOML, checked whole before a row is read.

``read`` says how to get rows out of a file; ``read.node`` and ``read.tie`` say what each row means. See
docs/own-data.md for the language.
"""

from loaders.mapping.language import Mapping
from loaders.mapping.reader import read_mapping
from loaders.mapping.run import load_mapped

__all__ = ["Mapping", "load_mapped", "read_mapping"]
