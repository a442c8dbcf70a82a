"""Two-step measures on Spark, by joins alone: exact also where one component is larger than any machine.

All rest on who is tied to whom and on triangles. A triangle is found once, from its node with fewest ties on: each tie is turned towards the
node with more of them (then the larger key), and two ties out of one node whose ends are tied close one. So a hub with a million ties starts
no search, and the work is at most the ties to the power of 1.5 (Chiba & Nishizeki 1985, SIAM Journal on Computing 14, 210-223).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphkit.data.tables import Tables
from graphkit.engines.contraction import open_pairs
from graphkit.engines.spark import SparkEngine, told

ROLES = ("a_a_a_coordinator", "a_b_b_gatekeeper", "b_b_a_representative", "a_b_a_consultant", "a_b_c_liaison")


@dataclass(frozen=True, eq=False)
class TwoSteps:
    """The network of some ties on Spark, undirected, parallel ties added up: from it every measure that looks two steps far.

    Every method returns a DataFrame of Spark with the columns ``subject_kind``, ``subject_id`` and those of the measure, in no order, one row for
    each node that has a tie. It stays on Spark: write it, or take the first rows.

    Attributes
    ----------
    ties : DataFrame of Spark
        Columns ``u, v, a``: each tie in both directions, with its strength.
    """

    ties: Any

    def measure_holes(self) -> Any:
        """Burt's ``constraint`` and ``effective_size``, as `graphkit.measures.measure_holes` defines them."""
        from pyspark.sql import functions as f

        with told():
            nodes = self.ties.groupBy("u").agg(f.sum("a").alias("total"), f.max("a").alias("most"), f.count("*").alias("contacts"))
            sides = self._around(nodes.select(f.col("u").alias("w"), "total"))
            shared = sides.groupBy("u", "v").agg(
                f.sum(f.col("a_uw") * f.col("a_wv") / f.col("total")).alias("through"), f.sum(f.col("a_uw") * f.col("a_wv")).alias("both")
            )
            through, both = (f.coalesce(name, f.lit(0.0)) for name in ("through", "both"))
            strongest = nodes.select(f.col("u").alias("v"), f.col("most").alias("most_v"))
            each = self.ties.join(shared, ["u", "v"], "left").join(strongest, "v")
            sums = each.groupBy("u").agg(
                f.sum((f.col("a") + through) * (f.col("a") + through)).alias("squares"), f.sum(both / f.col("most_v")).alias("redundant")
            )
            found = sums.join(nodes, "u").select(
                "u",
                (f.col("squares") / f.col("total") / f.col("total")).alias("constraint"),
                (f.col("contacts") - f.col("redundant") / f.col("total")).alias("effective_size"),
            )
            return with_subject(found)

    def score_participation(self, groups: Any) -> Any:
        """``participation``, as `graphkit.measures.score_participation` defines it; missing where no tie leads into a known group.

        `groups` is a DataFrame of Spark with the columns ``subject_kind, subject_id, group``; who is not in it is in no group.
        """
        from pyspark.sql import functions as f

        with told():
            counts = self._into(_keyed(groups)).groupBy("u").agg(f.sum("n").alias("known"), f.sum(f.col("n") * f.col("n")).alias("squares"))
            share = f.when(f.col("known") > 0, 1 - f.col("squares") / (f.col("known") * f.col("known")))
            return with_subject(self.ties.select("u").distinct().join(counts, "u", "left").select("u", share.alias("participation")))

    def count_brokerage_roles(self, groups: Any) -> Any:
        """The five roles of Gould and Fernandez, as `graphkit.measures.count_brokerage_roles` counts them; `groups` as for participation."""
        from pyspark.sql import functions as f

        with told():
            known = _keyed(groups)
            own = known.select("u", f.col("group").alias("own"))
            into = self._into(known).join(own, "u")
            is_own = f.col("group") == f.col("own")
            sums = into.groupBy("u").agg(
                f.sum("n").alias("all"), f.sum(f.when(is_own, f.col("n")).otherwise(0)).alias("same"), f.sum(f.col("n") * f.col("n")).alias("squares")
            )
            outside, other = f.col("all") - f.col("same"), f.col("squares") - f.col("same") * f.col("same")
            pairs = sums.select(
                "u", (f.col("same") * (f.col("same") - 1)).alias("inside"), (f.col("same") * outside).alias("mixed"), (other - outside).alias("same_other"),
                (outside * outside - other).alias("two_others"),
            )  # fmt: skip
            return with_subject(self._less_closed(pairs, known))

    def _less_closed(self, pairs: Any, known: Any) -> Any:
        """Pairs less those whose ends are tied, which are triangles; nothing for who is in no group."""
        from pyspark.sql import functions as f

        def of(name: str) -> Any:
            return known.select(f.col("u").alias(name), f.col("group").alias(f"g_{name}"))

        sides = self._triangles().select("x", "y", "z")
        turned = [sides.select(f.col(at).alias("u"), f.col(one).alias("v"), f.col(other).alias("w")) for at, one, other in ("xyz", "yxz", "zxy")]
        closed = turned[0].unionByName(turned[1]).unionByName(turned[2]).join(of("u"), "u").join(of("v"), "v").join(of("w"), "w")
        one, other = f.col("g_v") == f.col("g_u"), f.col("g_w") == f.col("g_u")
        kinds = {
            "inside": one & other, "mixed": one != other, "same_other": ~one & ~other & (f.col("g_v") == f.col("g_w")),
            "two_others": ~one & ~other & (f.col("g_v") != f.col("g_w")),
        }  # fmt: skip
        both_ways = {"inside": 2, "mixed": 1, "same_other": 2, "two_others": 2}
        lost = closed.groupBy("u").agg(*(f.sum(is_one.cast("long") * both_ways[name]).alias(f"less_{name}") for name, is_one in kinds.items()))
        all_ = self.ties.select("u").distinct().join(pairs, "u", "left").join(lost, "u", "left")
        left = {name: (f.coalesce(name, f.lit(0)) - f.coalesce(f"less_{name}", f.lit(0))).cast("long") for name in kinds}
        counts = (left["inside"], left["mixed"], left["mixed"], left["same_other"], left["two_others"])
        return all_.select("u", *(count.alias(name) for name, count in zip(ROLES, counts, strict=True)))

    def _into(self, known: Any) -> Any:
        """Ties of each node into each known group: columns ``u, group, n``."""
        from pyspark.sql import functions as f

        return self.ties.select("u", "v").join(known.select(f.col("u").alias("v"), "group"), "v").groupBy("u", "group").agg(f.count("*").alias("n"))

    def _triangles(self) -> Any:
        """Each triangle once: columns ``x, y, z`` and the strengths ``a_xy, a_xz, a_yz``."""
        from pyspark.sql import functions as f

        ties = self.ties.groupBy("u").agg(f.count("*").alias("n"))
        ranked = self.ties.join(ties, "u").join(ties.select(f.col("u").alias("v"), f.col("n").alias("m")), "v")
        onward = ranked.where((f.col("n") < f.col("m")) | ((f.col("n") == f.col("m")) & (f.col("u") < f.col("v")))).select("u", "v", "a", "m")
        first = onward.select(f.col("u").alias("x"), f.col("v").alias("y"), f.col("a").alias("a_xy"), f.col("m").alias("m_y"))
        second = onward.select(f.col("u").alias("x"), f.col("v").alias("z"), f.col("a").alias("a_xz"), f.col("m").alias("m_z"))
        later = (f.col("m_y") < f.col("m_z")) | ((f.col("m_y") == f.col("m_z")) & (f.col("y") < f.col("z")))
        third = onward.select(f.col("u").alias("y"), f.col("v").alias("z"), f.col("a").alias("a_yz"))
        return first.join(second, "x").where(later).join(third, ["y", "z"])

    def _around(self, totals: Any) -> Any:
        """For each tie u-v and each node w tied to both: columns ``u, v, a_uw, a_wv`` and the total of w."""
        from pyspark.sql import functions as f

        found = self._triangles()
        sides = []
        for u, v, w in ("xyz", "yxz", "xzy", "zxy", "yzx", "zyx"):
            strength = [f.col("a_" + "".join(sorted(pair))) for pair in (u + w, w + v)]
            sides.append(
                found.select(f.col(u).alias("u"), f.col(v).alias("v"), f.col(w).alias("w"), strength[0].alias("a_uw"), strength[1].alias("a_wv"))
            )
        whole = sides[0]
        for side in sides[1:]:
            whole = whole.unionByName(side)
        return whole.join(totals, "w")


def open_two_steps(engine: SparkEngine, tables: Tables, *, ties: Sequence[str], as_of: dt.date) -> TwoSteps:
    """Open the undirected network of these ties, as it stood on a day, on Spark.

    Parameters
    ----------
    engine : SparkEngine
        The session, and the files that the tables were read from, if any.
    tables : Tables
        The district; every end of a tie there.
    ties : sequence of str
        Tables of ties, such as ``"Member BELONGS_TO Branch"``. Parallel ties are added up, ties to oneself dropped.
    as_of : date
        Day the answer speaks of.

    Returns
    -------
    TwoSteps
        Its ties are kept in the memory and on the disks of the executors.

    Raises
    ------
    EngineError
        If Spark gives up.
    ModelError
        If a table is not declared.
    ParameterError
        If there are no `ties`.
    """
    from pyspark.sql import functions as f

    pairs = open_pairs(engine, tables, ties=ties, as_of=as_of).where("u <> v")
    with told():
        both = pairs.unionByName(pairs.select(f.col("v").alias("u"), f.col("u").alias("v")))
        return TwoSteps(both.groupBy("u", "v").agg(f.count("*").cast("double").alias("a")).persist())


def _keyed(groups: Any) -> Any:
    from pyspark.sql import functions as f

    return groups.dropna().select(f.concat_ws(" ", "subject_kind", "subject_id").alias("u"), "group")


def with_subject(found: Any) -> Any:
    """Kind and id instead of the column ``u`` that holds both."""
    from pyspark.sql import functions as f

    kind, key = f.substring_index("u", " ", 1), f.expr("substring(u, instr(u, ' ') + 1)")
    return found.select(kind.alias("subject_kind"), key.alias("subject_id"), *(name for name in found.columns if name != "u"))
