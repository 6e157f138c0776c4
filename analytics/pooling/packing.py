"""The best set of whole pools among those known: a set packing, solved by HiGHS where it is small enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.pooling.greedy import Pool
from analytics.pooling.master import Columns
from analytics.pooling.relaxing import Found

MOST_ITEMS = 120  # beyond, diving finds better pools in the same time
MOST_COLUMNS = 4_000
NODE_LIMIT, SECONDS = 500, 5.0


def pack(columns: Columns, found: Found, best: Sequence[Pool], *, gap: float) -> list[Pool]:
    """Return the best whole pools among the columns; of a large component, the best known.

    Args:
        columns: pools known.
        found: the relaxation of the whole component.
        best: the best answer so far.
        gap: from the best answer to the bound: no pool that misses its price by more is in a better one.
    """
    # See master: pages start quicker without.
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    part = columns.part
    if len(part.items) > MOST_ITEMS or not columns.all:
        return list(best)
    worths = columns.worths(found.prices)
    near = np.argsort(-worths, kind="stable")[:MOST_COLUMNS]
    near = near[worths[near] >= -gap - 1e-6]
    if not len(near):
        return list(best)
    cover = columns.matrix()[:, near]
    least: Any = part.must.astype(float)  # scipy's stubs know single bounds only
    answer = milp(
        -np.array(columns.savings)[near],
        constraints=LinearConstraint(cover, least, 1.0),
        integrality=np.ones(len(near)),
        bounds=Bounds(0, 1),
        options={"node_limit": NODE_LIMIT, "time_limit": SECONDS},
    )
    if answer.x is None:
        return list(best)
    return [columns.all[int(near[n])][1] for n in np.flatnonzero(answer.x > 0.5)]
