"""Contracts of the invented tender that came furthest: two are signed, one of them changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from procurement.actions.demonstration.pools import PENCE_IN_THOUSAND
from store.db import Sessions, transaction
from tenders.actions.contracts import changing, noticing, signing
from tenders.actions.demonstration import InventedTender
from tenders.actions.demonstration_clock import RecordedTimes
from tenders.actions.demonstration_panel import CHAIR, OFFICER, OTHER_OFFICER, account, act
from tenders.queries import awards
from tenders.rules.contracts.changing import Proposal

# Days after the publication of the tender.
SIGNED: Final = ((OFFICER, 82), (OTHER_OFFICER, 85))
TOLD, PROPOSED, APPROVED, CHANGED = 91, 94, 97, 101
# More than a tenth of the value, so that a notice comes first (section 75 of the Procurement Act 2023).
RISE_PERCENT: Final = 12
WORDS: Final = "Self-service screens in nine more branches, at the prices of the contract (invented)"
REASON: Final = "More branches stay open than was planned when the tender was published (invented)"


@dataclass(frozen=True, slots=True)
class Signing:
    """What happens between the standstill of an invented tender and today.

    Attributes:
        at: the instant so many days after the publication of the tender.
    """

    app: Sessions
    times: RecordedTimes
    tender_id: UUID
    tender: InventedTender
    at: Callable[[int], datetime]

    async def whole(self) -> None:
        """Sign for two councils; the lead tells of its contract and changes it, the other still owes that."""
        async with transaction(self.app, account(OFFICER)) as db:
            (award,) = (await awards.page(db, self.tender_id)).awards
        own, _ = [await self._signed(award.lot_id, *each) for each in zip(SIGNED, self._signs(), strict=True)]
        await self._notice(own, "UK7", own, TOLD, "000000-0007 (invented)")
        await self._changed(own)

    def _signs(self) -> list[tuple[str, int]]:
        """Return code and value of the councils that sign; with VAT as if it applied, and two years more."""
        members = self.tender.pool.members[: len(SIGNED)]
        return [(code, thousands * PENCE_IN_THOUSAND * 9 // 5) for code, thousands, _ in members]

    async def _signed(self, lot_id: UUID, when: tuple[str, int], what: tuple[str, int]) -> UUID:
        (email, days), (code, value) = when, what
        at = self.at(days)
        async with self.times.as_of(self.tender_id, at):
            return await act(
                self.app,
                email,
                signing.sign,
                self.tender_id,
                lot_id,
                reference=f"{code}-{at:%Y}-{days:03} (invented)",
                signed_on=at.date(),
                terms=signing.Terms(value_gross_pence=value),
            )

    async def _changed(self, contract_id: UUID) -> None:
        own = (self.tender_id, contract_id)
        _, value = self._signs()[0]
        proposal = Proposal(words=WORDS, reason=REASON, value_pence=value * RISE_PERCENT // 100)
        async with self.times.as_of(self.tender_id, self.at(PROPOSED)):
            change_id = await act(self.app, OFFICER, changing.propose, *own, proposal)
        async with self.times.as_of(self.tender_id, self.at(APPROVED)):
            await act(self.app, CHAIR, changing.approve, *own, change_id)
        await self._notice(contract_id, "UK10", change_id, APPROVED + 1, "000000-0010 (invented)")
        made = self.at(CHANGED)
        async with self.times.as_of(self.tender_id, made):
            await act(self.app, OFFICER, changing.make, *own, change_id, made_on=made.date())

    async def _notice(self, contract_id: UUID, code: str, about_id: UUID, days: int, reference: str) -> None:
        own, at = (self.tender_id, contract_id), self.at(days)
        async with self.times.as_of(self.tender_id, at):
            notice_id = await act(self.app, OFFICER, noticing.prepare, *own, code, about_id)
        said = {"reference": reference, "published_at": at, "now": at}
        async with self.times.as_of(self.tender_id, at):
            await act(self.app, OFFICER, noticing.confirm, *own, notice_id, **said)
