"""Bridge figures of a district that is measured in parts, on Spark: the same kernels, the same words, the same rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from graphkit.arguments import need_a, read_date
from graphkit.data.coding import distinct_ascending
from graphkit.data.tables import Tables
from graphkit.data.unread import count_faults
from graphkit.engines.engine import At, count_standing, open_engine
from graphkit.engines.parts import PART_NODES, Answer, Part, Reading, run_on_parts
from graphkit.engines.spark import SparkEngine
from graphkit.errors import ParameterError
from graphkit.model.model import Model
from graphkit.model.types import TieRole
from graphkit.network import Network
from graphkit.network.between import Betweenness, need_pivots
from graphkit.network.build import has_public_name, joined_nodes, joining_ties, locate, name_nodes, note_account
from graphkit.network.holding import ENDS, HOLDING, PERSON, keep_holding, need_roles
from graphkit.questions.bridges.find import describe_people, find_bridge_figures, need_ends, tell_found
from graphkit.questions.bridges.measuring import take_measures
from graphkit.questions.bridges.sureness import Sureness
from graphkit.questions.finding import Finding, pair_up
from graphkit.words import Text

OF_PART = (
    "part",
    "sources",
    "counted",
)  # beside what `describe_people` gives: of the part a row comes from, from how many of how many betweenness was counted
SAMPLED = Text(
    "各部分分别抽取起点，所以估计值与本机引擎所抽的不同，相差在误差之内；精确的部分与本机相同。",
    "Each part was sampled for itself: the estimates are others than those of the engine on this machine, and agree within their errors; what is exact is the same.",
)


def find_bridge_figures_of(
    tables: Tables,
    *,
    as_of: dt.date | None = None,
    engine: object = "duckdb",
    group: str = "village",
    holding: Sequence[TieRole] = HOLDING,
    ends: Sequence[str] = ENDS,
    pivots: int | None = None,
    seed: int = 0,
    chance: int = 0,
    missing: float = 0.0,
    part_nodes: int = PART_NODES,
) -> Finding:
    """Which people bridge, asked of the tables of a district: here, or on Spark, part by part.

    On Spark the components of the ties that hold are found by star contraction and gathered into parts of about `part_nodes` nodes. A worker
    builds the network of one part and measures it by the same kernels as this machine would; no tie that holds leads out of a part, so
    whatever is exact there is exact. The rows come back to this process, which ranks them and puts them into words.

    Parameters
    ----------
    tables : Tables
        The district.
    as_of : date, optional
        Day the answer speaks of; today if left out.
    engine : {"duckdb", "spark"} or SparkSession, optional
        What measures: this process, or Spark, as of `find_pairing_reach`. On workers of other machines graphkit must be installed.
    group, holding, ends, pivots, seed, chance, missing
        See `find_bridge_figures`. With a sample, each part has pivots of its own. `chance` and `missing` draw whole networks, and are asked of
        this machine alone.
    part_nodes : int, nodes, optional
        How many nodes a worker holds at a time, if no component is larger; not read without Spark.

    Returns
    -------
    Finding
        That of `find_bridge_figures`, row by row, where betweenness is exact; sums of floating-point numbers may differ in the last places.
        Its provenance has the dataset instead of the hash of a network that nobody holds.

    Raises
    ------
    EngineError
        If Spark cannot be had, or gives up.
    ParameterError
        As of `find_bridge_figures`, or if `chance` or `missing` is asked of Spark.

    Examples
    --------
    >>> import pyarrow as pa
    >>> tables = Tables({"Member": pa.table({"id": ["m1", "m2"]}),
    ...                  "Member MENTORS Member": pa.table({"mentor_id": ["m1"], "mentee_id": ["m2"]})})
    >>> find_bridge_figures_of(tables).rows["rank"].tolist()
    [1, 1]
    """
    need_a(Tables, tables, "find_bridge_figures_of")
    day = dt.date.today() if as_of is None else read_date(as_of)  # noqa: DTZ011  # the reader's own day
    options: dict[str, Any] = {
        "group": group,
        "holding": list(holding),
        "ends": list(ends),
        "pivots": pivots,
        "seed": seed,
        "chance": chance,
        "missing": missing,
    }
    with open_engine(engine) as opened:
        if opened is None:
            return find_bridge_figures(Network.from_tables(tables, as_of=day), **options)
        _need_measurable(tables.model, options)
        return _find_on(opened, tables, day, options, part_nodes)


def _need_measurable(model: Model, options: dict[str, Any]) -> None:
    """What `find_bridge_figures` asks of its parameters, before Spark is set to work."""
    need_pivots(options["pivots"])
    need_ends(options["ends"])
    need_roles(options["holding"])
    _empty(model).group(options["group"])
    if options["chance"] or options["missing"]:
        raise ParameterError(
            Text(
                "chance 和 missing 要抽取整个网络，只在本机算：不用 --engine spark",
                "chance and missing draw whole networks, on this machine alone: ask without --engine spark",
            )
        )


def _find_on(engine: SparkEngine, tables: Tables, day: dt.date, options: dict[str, Any], part_nodes: int) -> Finding:
    tables, lost = _sound(tables, day)
    standing = tables.at(day)
    measure = _Measure.of(tables.model, day, options)
    answer = run_on_parts(
        engine, tables, day, _reading(tables.model, options["holding"], options["ends"]), measure, schema=measure.schema, part_nodes=part_nodes
    )
    table, between = _gather(answer, measure, tables)
    notes = note_account(tables, standing, lost, day)
    nodes, ties = ([kind.table for kind in kinds] for kinds in (joined_nodes(tables.model), joining_ties(tables.model)))
    held = count_standing(engine, [*nodes, *ties], standing, At(tables, day))
    provenance = {
        "dataset": tables.dataset, "nodes": sum(held[name] for name in nodes), "ties": sum(held[name] for name in ties), "account": pair_up(notes),
        "parts": answer.parts,
    }  # fmt: skip
    known = replace(_empty(tables.model), notes=notes, as_of=day, names=_names(standing))
    sure = Sureness((), pd.DataFrame(), () if between.is_exact else (SAMPLED,), 0)
    return tell_found(known, table, between, sure, asked=options, provenance=provenance)


def _sound(tables: Tables, day: dt.date) -> tuple[Tables, int]:
    """Tables in which every end of a tie that stood on the day is there, and how many ties were left out for that."""
    if tables.sound:
        return tables, 0
    standing = tables.at(day)
    ends, lost = locate(standing, {kind.label: distinct_ascending(standing[kind.table][kind.key]) for kind in joined_nodes(tables.model)})
    kept = {name: standing[name].filter(pa.array(there)) for name, (_, _, there) in ends.items()}
    return tables.replace({name: table for name, table in kept.items() if table.num_rows < standing[name].num_rows}), lost


def _names(standing: Tables) -> dict[int, str]:
    """Names that the terms of a field leave as they are; nothing where there are no terms."""
    if not standing.model.terms:
        return {}
    keys = {kind.label: distinct_ascending(standing[kind.table][kind.key]) for kind in joined_nodes(standing.model)}
    first = dict(zip(keys, np.cumsum([0, *map(len, keys.values())]).tolist(), strict=False))
    return name_nodes(standing, keys, first)


def _reading(model: Model, holding: Sequence[TieRole], ends: Sequence[str]) -> Reading:
    """What is read: the ties that hold, and what spans, groups and offices are counted by.

    Ends may stand in several parts only where all else that holds leads to a person: one tie of what an end hangs on then tells whether anybody is there.
    """
    held = [name for name in model.tie_tables(*holding) if name in {tie.table for tie in joining_ties(model)}]
    beside = [
        tie.table for tie in joining_ties(model)
        if tie.table not in held and (
            (tie.role in ("membership", "pairing", "post", "liaison", "place") and tie.source in (PERSON, "Household", "Village"))
            or any(column.name == "office" for column in tie.columns)
        )
    ]  # fmt: skip
    sides = [_ends_of(model, name) for name in held]
    named = [kind.label for kind in joined_nodes(model) if any(kind.label in pair for pair in sides) and has_public_name(kind)]
    loose = all(PERSON in pair or bool(set(pair) & set(ends)) for pair in sides)
    return Reading(tuple(held), tuple(beside), PERSON, tuple(named), tuple(ends) if loose else ())


def _ends_of(model: Model, name: str) -> tuple[str, str]:
    tie = next(tie for tie in model.ties if tie.table == name)
    return tie.source, tie.target


@cache
def _empty(model: Model) -> Network:
    """A network of these kinds, ties and groups with nothing in it."""
    return Network.from_tables(Tables({}, model=model), as_of=dt.date(1, 1, 1))


@dataclass(frozen=True)
class _Measure:
    """What a worker does with a part: the network, the measures, the words on either side; only for those that the part answers for."""

    day: dt.date
    options: dict[str, Any]
    dtypes: dict[str, Any]
    schema: pa.Schema

    @classmethod
    def of(cls, model: Model, day: dt.date, options: dict[str, Any]) -> _Measure:
        """What comes back has the columns of an empty answer, so that every part and this machine agree on their types."""
        described, _ = _describe(_empty(model), options)
        fields = [(name, _ARROW.get(str(kind), pa.string())) for name, kind in described.dtypes.items()]
        return cls(day, options, dict(described.dtypes), pa.schema([*fields, *((name, pa.int64()) for name in OF_PART)]))

    def __call__(self, part: Part) -> pa.Table:
        network = Network.from_tables(part.tables, as_of=self.day)
        described, between = _describe(replace(network, names=_place_names(network, part)), self.options)
        described = described[described["subject_id"].isin(part.answered.to_pylist())]
        told = dict(zip(OF_PART, (part.number, between.sources, between.counted), strict=True))
        return pa.Table.from_pandas(described.assign(**told), self.schema, preserve_index=False)


_ARROW = {"Int64": pa.int64(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}


def _describe(network: Network, options: dict[str, Any]) -> tuple[pd.DataFrame, Betweenness]:
    held = keep_holding(network, options["holding"])
    measured = take_measures(held, ends=options["ends"], group=options["group"], pivots=options["pivots"], seed=options["seed"])
    return describe_people(network, measured, options["group"]), measured.between


def _place_names(network: Network, part: Part) -> dict[int, str]:
    names: dict[int, str] = {}
    for kind, by_key in part.names.items():
        here = np.flatnonzero(network.mask(kind))
        names |= {node: by_key[key] for node, key in zip(here.tolist(), network.ids[here], strict=True) if key in by_key}
    return names


def _gather(answer: Answer, measure: _Measure, tables: Tables) -> tuple[pd.DataFrame, Betweenness]:
    """The rows of all parts in the order of a network, with what the account says of each person; and what betweenness rests on in all."""
    table = answer.rows.sort_by("subject_id")
    parts = table.select(OF_PART).group_by(list(OF_PART)).aggregate([]).to_pandas()
    estimated = parts[parts["sources"] < parts["counted"]]
    between = Betweenness(np.empty(0), np.empty(0), int(estimated["sources"].sum()), int(estimated["counted"].sum()))
    described = table.drop_columns(list(OF_PART)).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get).astype(measure.dtypes)
    faults = count_faults(tables, columns={kind.table: () for kind in tables.model.kinds}).get(PERSON, {})
    unread = described["subject_id"].map(faults).fillna(0) if faults else 0
    return described.assign(unread_rows=pd.Series(unread, index=described.index).astype("Int64")), between
