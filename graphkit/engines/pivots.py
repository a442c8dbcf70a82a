"""Betweenness on Spark from pivots, by joins alone: where one component is larger than any machine. Each pivot walks through all of it, a row a node."""

from __future__ import annotations

from typing import Any

from graphkit.engines.contraction import stack
from graphkit.engines.spark import told
from graphkit.engines.twostep import TwoSteps, with_subject
from graphkit.errors import EngineError, ParameterError
from graphkit.words import Text

MOST_STEPS = 200  # from a pivot to the furthest node
TOLD_PIVOTS = 1_000  # from how many an error is told, as on one machine
CONFIDENCE_95 = 1.959964


def estimate_betweenness(network: TwoSteps, *, pivots: int, kind: str = "Member", seed: int = 0) -> Any:
    """On how many shortest paths between two others of a kind does each node lie, estimated from some of them?

    Pivots are drawn at random from all nodes of the kind, each as likely as any other. Paths are shared out by length, as
    `graphkit.measures.estimate_betweenness` does, so that with d_s(i) the share of i in the paths from pivot s, N the nodes of the kind that
    have a tie and k the pivots::

        b(i)     = N / k * sum over pivots s of d_s(i)
        error(i) = 1.96 * N * sqrt((1 - k / N) * v(i) / k),   v(i) the variance of d_s(i) over the pivots

    Parameters
    ----------
    network : TwoSteps
        The ties, of `graphkit.engines.twostep.open_two_steps`; leave out those to what hands nothing on, such as households.
    pivots : int
        Sources to walk from, at least 2; all, and the result is exact, if there are no more nodes of the kind. The work, and the rows kept
        on the executors, are pivots times the nodes and ties that they reach.
    kind : str, optional
        Which nodes paths begin and end at; the others hand on.
    seed : int, optional
        Decides which pivots are drawn.

    Returns
    -------
    DataFrame of Spark
        ``subject_kind, subject_id, betweenness, betweenness_error``, a row for each node that has a tie. The error is half the width of the nominal 95 %
        interval, 0 where the result is exact, and missing of fewer than 1,000 pivots. Random pivots of few paths see little: on one machine
        the intervals of such nodes held in 54 of 100 cases, so read it as the error of the highest.

    Raises
    ------
    EngineError
        If Spark gives up, or a node is more than 200 steps from a pivot.
    ParameterError
        If there are fewer than 2 `pivots`.

    References
    ----------
    Brandes & Pich 2007, International Journal of Bifurcation and Chaos 17(7), 2303-2318; Geisberger, Sanders & Schultes 2008, Better
    approximation of betweenness centrality, ALENEX, 90-100.
    """
    if isinstance(pivots, bool) or not isinstance(pivots, int) or pivots < 2:
        raise ParameterError(Text(f"pivots 须是不小于 2 的整数，而不是 {pivots!r}", f"pivots is a whole number of at least 2, not {pivots!r}"))
    from pyspark.sql import functions as f

    with told():
        ties = network.ties.select("u", "v")
        nodes = ties.select("u").distinct().withColumn("ends", f.col("u").startswith(f"{kind} ").cast("double"))
        people = nodes.where("ends > 0")
        count = people.count()
        drawn = people.orderBy(f.xxhash64("u", f.lit(seed)), "u").limit(min(pivots, count))
        shares = _share_out(_walk(drawn, ties), ties, nodes)
        return with_subject(_sum_up(shares, nodes, count, min(pivots, count)))


def _walk(drawn: Any, ties: Any) -> list[Any]:
    """Level by level from the pivots: columns ``s, u, paths``, how many shortest paths lead from s to u."""
    from pyspark.sql import functions as f

    levels = [drawn.select(f.col("u").alias("s"), "u", f.lit(1.0).alias("paths")).localCheckpoint()]
    for _ in range(MOST_STEPS):
        further = levels[-1].join(ties, "u").groupBy("s", f.col("v").alias("u")).agg(f.sum("paths").alias("paths"))
        for before in levels[-2:]:  # a neighbour is a step nearer, as near, or a step further
            further = further.join(before.select("s", "u"), ["s", "u"], "left_anti")
        further = further.localCheckpoint()
        if further.isEmpty():
            return levels
        levels.append(further)
    raise EngineError(Text(f"有节点离起点超过 {MOST_STEPS} 步", f"a node is more than {MOST_STEPS} steps from a pivot"))


def _share_out(levels: list[Any], ties: Any, nodes: Any) -> Any:
    """What each node has of the paths from each pivot, from the furthest level back: columns ``u, share``; who has nothing is not in it."""
    from pyspark.sql import functions as f

    found, beyond = [], None
    for step in range(len(levels) - 1, 0, -1):
        level = levels[step].join(nodes, "u")
        if beyond is None:
            level = level.withColumn("onward", f.lit(0.0))
        else:
            handed = beyond.join(ties, "u").groupBy("s", f.col("v").alias("u")).agg(f.sum("each").alias("each"))
            level = level.join(handed, ["s", "u"], "left").withColumn("onward", f.coalesce(f.col("paths") * f.col("each"), f.lit(0.0)))
        level = level.select("s", "u", "onward", ((f.col("ends") / step + f.col("onward")) / f.col("paths")).alias("each")).localCheckpoint()
        found.append(level.where("onward > 0").select("u", (f.col("onward") * step).alias("share")))
        beyond = level.select("s", "u", "each")
    return stack(found) if found else nodes.where("false").select("u", f.lit(0.0).alias("share"))


def _sum_up(shares: Any, nodes: Any, count: int, pivots: int) -> Any:
    from pyspark.sql import functions as f

    sums = shares.groupBy("u").agg(f.sum("share").alias("sum"), f.sum(f.col("share") * f.col("share")).alias("squares"))
    total, squares = f.coalesce("sum", f.lit(0.0)), f.coalesce("squares", f.lit(0.0))
    variance = f.greatest((squares - total * total / pivots) / max(pivots - 1, 1), f.lit(0.0))
    error = CONFIDENCE_95 * count * f.sqrt((1 - pivots / max(count, 1)) * variance / max(pivots, 1))
    told_error = f.lit(0.0) if pivots == count else f.lit(None).cast("double") if pivots < TOLD_PIVOTS else error
    return nodes.join(sums, "u", "left").select("u", (total * (count / max(pivots, 1))).alias("betweenness"), told_error.alias("betweenness_error"))
