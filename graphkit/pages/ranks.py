"""Who is shown as a bridge figure: the first by rank, equal ones all or none."""

from __future__ import annotations

import numpy as np
import pandas as pd

JOINING = ("betweenness", "stranded_people", "stranded_households", "stranded_cooperatives", "stranded_branches")


def select_first(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the first `most` places that join anything, in the order of `rank`, equal ones all or none.

    Of 20,000 equal people no twenty are figures, and who is between nobody and whose loss cuts nobody off is none. Rows that do not say
    how many others are equal are taken as they stand.

    Examples
    --------
    >>> rows = pd.DataFrame({"rank": [1, 2, 2], "equal_others": [0, 1, 1], "betweenness": [9.0, 4.0, 4.0]})
    >>> len(select_first(rows, 2)), len(select_first(rows, 3))
    (1, 3)
    """
    rows = rows.dropna(subset=["rank"]).sort_values("rank", kind="stable")
    if "equal_others" not in rows:
        return rows.head(most)
    whole = (rows["rank"] + rows["equal_others"] <= most).to_numpy(np.bool_)
    joins = np.zeros(len(rows), np.bool_)
    for name in JOINING:
        if name in rows:
            joins |= (rows[name].fillna(0) > 0).to_numpy(np.bool_)
    return rows[whole & joins]
