"""graphkit: coverage gaps, bridge figures and pairing reach in the networks of rural organisation.

Everything a user needs is a name of this package; each is imported from its module at first use,
so that ``import graphkit`` costs nothing.

>>> import graphkit
>>> graphkit.Text(zh="村", en="village").say("en")
'village'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphkit.bridges import find_bridge_figures as find_bridge_figures
    from graphkit.questions.coverage import find_coverage_gaps as find_coverage_gaps
    from graphkit.questions.coverage import summarise_coverage as summarise_coverage
    from graphkit.data.checks import check_tables as check_tables
    from graphkit.data.checks import require_sound as require_sound
    from graphkit.data.claim import Claim as Claim
    from graphkit.data.exports import write_folder as write_folder
    from graphkit.data.exports import write_template as write_template
    from graphkit.data.problems import Problem as Problem
    from graphkit.data.tables import Tables as Tables
    from graphkit.errors import GraphkitError as GraphkitError
    from graphkit.errors import ModelError as ModelError
    from graphkit.errors import ParameterError as ParameterError
    from graphkit.errors import QueryError as QueryError
    from graphkit.errors import SourceError as SourceError
    from graphkit.errors import StoreError as StoreError
    from graphkit.errors import StoreUnavailable as StoreUnavailable
    from graphkit.errors import TableError as TableError
    from graphkit.errors import WriteError as WriteError
    from graphkit.generate import generate_acheng as generate_acheng
    from graphkit.generate import generate_district as generate_district
    from graphkit.network import Network as Network
    from graphkit.network import write_network as write_network
    from graphkit.network.measures import count_brokerage_roles as count_brokerage_roles
    from graphkit.network.measures import is_cut_point as is_cut_point
    from graphkit.network.measures import score_betweenness as score_betweenness
    from graphkit.network.measures import score_constraint as score_constraint
    from graphkit.network.measures import score_effective_size as score_effective_size
    from graphkit.network.measures import score_participation as score_participation
    from graphkit.queries import list_queries as list_queries
    from graphkit.questions.figures.check import check_figures as check_figures
    from graphkit.questions.finding import Finding as Finding
    from graphkit.questions.finding import read_finding as read_finding
    from graphkit.questions.finding import write_finding as write_finding
    from graphkit.questions.finding import write_workbook as write_workbook
    from graphkit.questions.reach import find_pairing_reach as find_pairing_reach
    from graphkit.resources import find_data as find_data
    from graphkit.rules import list_rule_packs as list_rule_packs
    from graphkit.rules import read_rule_pack as read_rule_pack
    from graphkit.show.map import write_map as write_map
    from graphkit.show.report import write_report as write_report
    from graphkit.store.base import Store as Store
    from graphkit.store.connect import connect as connect
    from graphkit.words import Text as Text

__version__ = "0.1.0"

_NAMES_BY_MODULE = {
    "bridges": "find_bridge_figures",
    "data.checks": "check_tables require_sound",
    "questions.figures.check": "check_figures",
    "data.claim": "Claim",
    "questions.coverage": "find_coverage_gaps summarise_coverage",
    "queries": "list_queries",
    "errors": "GraphkitError ModelError ParameterError QueryError SourceError StoreError StoreUnavailable TableError WriteError",
    "data.exports": "write_folder write_template",
    "questions.finding": "Finding read_finding write_finding write_workbook",
    "generate": "generate_acheng generate_district",
    "show.map": "write_map",
    "network.measures": "count_brokerage_roles is_cut_point score_betweenness score_constraint score_effective_size score_participation",
    "network": "Network write_network",
    "questions.reach": "find_pairing_reach",
    "show.report": "write_report",
    "resources": "find_data",
    "rules": "list_rule_packs read_rule_pack",
    "words": "Text",
    "store.base": "Store",
    "store.connect": "connect",
    "data.problems": "Problem",
    "data.tables": "Tables",
}
_HOMES = {name: f"graphkit.{module}" for module, names in _NAMES_BY_MODULE.items() for name in names.split()}

__all__ = [
    "Claim",
    "Finding",
    "GraphkitError",
    "ModelError",
    "Network",
    "ParameterError",
    "Problem",
    "QueryError",
    "SourceError",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "TableError",
    "Tables",
    "Text",
    "WriteError",
    "check_figures",
    "check_tables",
    "connect",
    "count_brokerage_roles",
    "find_bridge_figures",
    "find_coverage_gaps",
    "find_data",
    "find_pairing_reach",
    "generate_acheng",
    "generate_district",
    "is_cut_point",
    "list_queries",
    "list_rule_packs",
    "read_finding",
    "read_rule_pack",
    "require_sound",
    "score_betweenness",
    "score_constraint",
    "score_effective_size",
    "score_participation",
    "summarise_coverage",
    "write_finding",
    "write_folder",
    "write_map",
    "write_network",
    "write_report",
    "write_template",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'graphkit' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
