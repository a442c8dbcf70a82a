"""To whom a new body could report: the superior that a rule names, found in the graph, or the bodies of the place."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from graphkit.data.tables import Tables
from graphkit.questions.coverage.counting import path_steps
from graphkit.rules.pack import RulePack, Superior

_PLACES = {"Village": (), "Cooperative": ("Cooperative OPERATES_IN Village",)}
_OF_VILLAGE, _OF_TOWNSHIP = ("Branch SERVES Village",), ("Branch SERVES Village", "Village IN Township", "Village IN Township")


class Superiors:
    """The bodies of a district by what they could be superior of."""

    def __init__(self, tables: Tables, pack: RulePack) -> None:
        self.tables, self.pack = tables, pack
        self.bodies = self._find_bodies()

    def of_rule(self, superior: Superior, units: Sequence[str]) -> dict[str, list[str]]:
        """Bodies that a rule's superior could be, for each unit; where it is one of its kinds only, those that are so already, most often first."""
        kinds = list(superior.kinds or self.pack.bodies["managing"])
        if len(superior.path) > 1:
            return self._at_the_place(superior.path[1:], units, kinds)
        usual = self._usual(superior, kinds)
        return dict.fromkeys(units, usual)

    def of_place(self, kind: str, units: Sequence[str], *, highest: bool) -> dict[str, list[str]]:
        """Bodies that serve the village of each unit, the highest first, or last; then committees of its township."""
        above = list(self.pack.bodies["superior"])
        others = [kind for kind in self.pack.bodies["managing"] if kind not in above]
        near = self._at_the_place((*_OF_VILLAGE, *_PLACES[kind]), units, [*above, *others] if highest else [*others, *above])
        further = self._at_the_place((*_OF_TOWNSHIP, *_PLACES[kind]), units, above)
        found = {unit: list(dict.fromkeys([*near.get(unit, []), *further.get(unit, [])])) for unit in units}
        if not highest:
            return found
        kinds = dict(zip(self.tables["Branch"]["id"].to_pylist(), self.tables["Branch"]["kind"].to_pylist(), strict=True))
        return {unit: sorted(bodies, key=lambda body: kinds[body] not in above) for unit, bodies in found.items()}

    def _at_the_place(self, path: Sequence[str], units: Sequence[str], kinds: Sequence[str]) -> dict[str, list[str]]:
        walk = pd.DataFrame({"unit": list(units), "at": list(units)})
        for table, come, go in reversed(path_steps(("Branch REPORTS_TO Branch", *path))[1:]):
            ties = self.tables[table].select([come, go]).to_pandas()
            walk = walk.merge(ties, left_on="at", right_on=go)[["unit", come]].rename(columns={come: "at"}).drop_duplicates()
        order = {kind: n for n, kind in enumerate(kinds)}
        bodies = self.bodies
        walk = walk.merge(bodies[bodies["kind"].isin(kinds)], left_on="at", right_on="id")
        walk = walk.assign(order=walk["kind"].map(order)).sort_values(["unit", "order", "at"])
        return {unit: rows["at"].tolist() for unit, rows in walk.groupby("unit", sort=False)}

    def _usual(self, superior: Superior, kinds: Sequence[str]) -> list[str]:
        bodies = self.bodies
        managed = set(bodies.loc[bodies["management"].isin(superior.management), "id"]) if superior.management else set(bodies["id"])
        ties = self.tables["Branch REPORTS_TO Branch"].select(["branch_id", "superior_id"]).to_pandas()
        fitting = bodies.loc[bodies["kind"].isin(kinds), "id"]
        above = ties.loc[ties["branch_id"].isin(managed) & ties["superior_id"].isin(set(fitting)), "superior_id"].value_counts()
        return sorted(above.index, key=lambda body: (-int(above[body]), body))

    def _find_bodies(self) -> pd.DataFrame:
        """Bodies of known kind, without those that one more below them would turn into something else: a committee of one co-operative alone."""
        bodies = self.tables["Branch"].select(["id", "kind", "management"]).to_pandas()
        below = set(self.tables["Branch REPORTS_TO Branch"]["superior_id"].to_pylist())
        places = set(self.tables["Branch SERVES Village"]["branch_id"].to_pylist())
        served = (
            self.tables["Branch SERVES Cooperative"].select(["branch_id", "cooperative_id"]).to_pandas().drop_duplicates()["branch_id"].value_counts()
        )
        turned = bodies["kind"].isin(self.pack.bodies["superior"]) & ~bodies["id"].isin(below | places) & (bodies["id"].map(served).fillna(0) == 1)
        return bodies[bodies["kind"].notna() & ~turned]
