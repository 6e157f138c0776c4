"""Which tests one test process takes whole: those of a module, and all that read the demonstration world.

To make that world takes longer than all that is read in it.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

from tests.world import READERS


class Spreading(LoadFileScheduling):
    """Spreads modules over test processes, those that read the demonstration world as one."""

    def _split_scope(self, nodeid: str) -> str:
        module = super()._split_scope(nodeid)
        return "the demonstration world" if module in READERS else module
