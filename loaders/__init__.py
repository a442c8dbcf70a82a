"""Loaders: from the files of a county to Tables.

`load_folder` and `load_workbook` read the canonical form; `load` takes either; `check_source` says
as well what is wrong with the rows, and `read_source` what became of every line. `load_claims` reads a table of published claims.
"""

from loaders.claims import load_claims
from loaders.decisions import read_decisions
from loaders.load import check_source, load, load_folder, load_workbook, read_source
from loaders.marking import mark_workbook
from loaders.proposals import write_proposals
from loaders.register_pages import write_registers

__all__ = [
    "check_source",
    "load",
    "load_claims",
    "load_folder",
    "load_workbook",
    "mark_workbook",
    "read_decisions",
    "read_source",
    "write_proposals",
    "write_registers",
]
