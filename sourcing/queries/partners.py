"""Adverts of suppliers that look for partners, and answers to them, as far as the reader may see either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Organisation
from sourcing.models import (
    PartnerAdvert,
    PartnerAnswer,
    PartnerAnswerer,
    PartnerPoster,
    PartnerReport,
    Subject,
)
from sourcing.rules import partners as rules
from sourcing.rules.partners import ANSWER_WORDS, AnswerState
from values.refusals import Missing


@dataclass(frozen=True, slots=True)
class Contact:
    """Who somebody is and how they are reached; shown to the other side once both agreed."""

    organisation: str
    person_name: str
    email: str


@dataclass(frozen=True, slots=True)
class AdvertRow:
    """An advert as its reader may see it.

    Attributes:
        kind: of the subject, as its address begins.
        mine: it is the reader's organisation's.
        answered: the reader's organisation answered it.
    """

    id: UUID
    subject_id: UUID
    kind: str
    brings: str
    seeks: str
    open_until: datetime
    demonstration: bool
    withdrawn_on: date | None
    taken_down_on: date | None
    taken_down_reason: str
    mine: bool
    answered: bool
    now: datetime

    @property
    def state_words(self) -> tuple[str, str]:
        """How far it is, in words and the colour of its tag."""
        return rules.state_words(
            now=self.now,
            open_until=self.open_until,
            withdrawn=self.withdrawn_on is not None,
            taken_down=self.taken_down_on is not None,
        )

    @property
    def open(self) -> bool:
        """Whether it can be answered."""
        return self.state_words[0] == "Open"

    @property
    def subject_href(self) -> str:
        """Where its subject is shown."""
        return f"/{self.kind}s/{self.subject_id}"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer to an advert; `contact` is the other side's, or None until both agreed."""

    id: UUID
    advert_id: UUID
    words: str
    state: AnswerState
    answered_on: date
    contact: Contact | None

    @property
    def state_words(self) -> tuple[str, str]:
        """How far it is, in words and the colour of its tag."""
        return ANSWER_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A reported advert, without whose it is."""

    advert_id: UUID
    brings: str
    seeks: str
    reason: str
    reported_on: date


_ADVERT: Final = (
    PartnerAdvert.id,
    PartnerAdvert.subject_id,
    Subject.kind,
    PartnerAdvert.brings,
    PartnerAdvert.seeks,
    PartnerAdvert.open_until,
    PartnerAdvert.demonstration,
    PartnerAdvert.withdrawn_on,
    PartnerAdvert.taken_down_on,
    PartnerAdvert.taken_down_reason,
    PartnerAdvert.id == func.any(func.app.my_adverts()),
    PartnerAdvert.id == func.any(func.app.answered_adverts()),
    func.statement_timestamp(),
)


def _adverts() -> Select[*tuple[Any, ...]]:
    return (
        select(*_ADVERT)
        .join(Subject, Subject.id == PartnerAdvert.subject_id)
        .order_by(PartnerAdvert.open_until, PartnerAdvert.id)
    )


async def adverts(db: AsyncSession, subject_id: UUID) -> Sequence[AdvertRow]:
    """Return the adverts about a subject that the reader may see, the one that ends next first."""
    rows = await db.execute(_adverts().where(PartnerAdvert.subject_id == subject_id))
    return [AdvertRow(*row) for row in rows]


async def own(db: AsyncSession) -> Sequence[AdvertRow]:
    """Return the adverts of the reader's organisation, and those that it answered."""
    ours = (PartnerAdvert.id == func.any(func.app.my_adverts())) | (
        PartnerAdvert.id == func.any(func.app.answered_adverts())
    )
    return [AdvertRow(*row) for row in await db.execute(_adverts().where(ours))]


async def advert(db: AsyncSession, advert_id: UUID) -> AdvertRow:
    """Return an advert.

    Raises:
        Missing: there is none, or it is not the reader's to see.
    """
    row = (await db.execute(_adverts().where(PartnerAdvert.id == advert_id))).first()
    if row is None:
        raise Missing("advert")
    return AdvertRow(*row)


async def answers(db: AsyncSession, advert: AdvertRow) -> Sequence[AnswerRow]:
    """Return the answers to an advert that the reader may see: all to its poster, one's own to others."""
    other: Any = PartnerAnswerer if advert.mine else PartnerPoster
    on = (
        PartnerAnswerer.answer_id == PartnerAnswer.id
        if advert.mine
        else PartnerPoster.advert_id == PartnerAnswer.advert_id
    )
    rows = await db.execute(
        select(
            PartnerAnswer.id,
            PartnerAnswer.words,
            PartnerAnswer.state,
            PartnerAnswer.answered_on,
            Organisation.name,
            other.person_name,
            other.email,
        )
        .outerjoin(other, on)
        .outerjoin(Organisation, Organisation.id == other.organisation_id)
        .where(PartnerAnswer.advert_id == advert.id)
        .order_by(PartnerAnswer.answered_on, PartnerAnswer.id)
    )
    return [
        AnswerRow(
            row[0],
            advert.id,
            row[1],
            AnswerState(row[2]),
            row[3],
            # An own agreed answer to the same advert shows its poster; an earlier one of one's own does not.
            Contact(*row[4:7]) if row[4] and row[2] == AnswerState.AGREED else None,
        )
        for row in rows
    ]


async def reports(db: AsyncSession) -> Sequence[ReportRow]:
    """Return the reports that wait for a decision; none for whoever is no operator."""
    rows = await db.execute(
        select(
            PartnerReport.advert_id,
            PartnerAdvert.brings,
            PartnerAdvert.seeks,
            PartnerReport.reason,
            PartnerReport.reported_on,
        )
        .join(PartnerAdvert, PartnerAdvert.id == PartnerReport.advert_id)
        .where(PartnerReport.decision == "")
        .order_by(PartnerReport.reported_on, PartnerReport.advert_id)
    )
    return [ReportRow(*row) for row in rows]
