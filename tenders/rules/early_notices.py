"""Notices that come before the tender notice: what they say, whether that is whole, what they bring about.

Of what regulations 16 and 17 ask for in them only the joint parties of regulation 13 are in our reference of
the law. The rest is what this service asks for, and says so: whoever enters a notice checks the platform.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sourcing.rules.law import Law
from sourcing.rules.periods import planned_notice_qualifies
from sourcing.rules.thresholds import ContractKind
from tenders.rules.content import Buyer, Content, Engagement
from tenders.rules.linting import shapes
from tenders.rules.linting.findings import Part
from tenders.rules.notices import KIND_WORDS, Field
from values.money import format_pence
from values.refusals import Refused

OWN: Final = "Asked for by this service"
# The parts of a draft that a notice tells of.
_TOLD: Final = frozenset({Part.BASICS, Part.BUYERS, Part.LOTS})
_PARTY: Final = "Procurement Regulations 2024, regulation 13"


class Early(enum.StrEnum):
    """The notices before the tender notice, by their numbers on Find a Tender."""

    ENGAGEMENT = "UK2"
    PLANNED = "UK3"


# Where a reader learns what more a notice has to say.
CONTENT: Final[Mapping[Early, str]] = {
    Early.ENGAGEMENT: "Procurement Regulations 2024, regulation 17",
    Early.PLANNED: "Procurement Regulations 2024, regulation 16",
}


@dataclass(frozen=True, slots=True)
class Engaging:
    """What suppliers are asked before a tender: about what, how they take part, between which days."""

    about: str
    how: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """A lot as far as it is planned."""

    title: str
    description: str
    cpv: str


@dataclass(frozen=True, slots=True)
class EarlyFacts:
    """What an early notice tells, as values.

    Attributes:
        gross_pence: the estimated value with VAT, options and extensions, once all lots have one.
        tender_on: the planned day of the tender notice.
        engaging: what a notice of market engagement is about; None in the other.
    """

    title: str
    description: str
    category: str
    category_name: str
    kind: ContractKind
    buyers: tuple[Buyer, ...]
    lots: tuple[PlannedLot, ...]
    gross_pence: int | None
    region_codes: tuple[str, ...]
    tender_on: date | None
    starts_on: date | None
    ends_on: date | None
    engaging: Engaging | None = None

    @property
    def lead(self) -> Buyer | None:
        """The lead council."""
        return next((buyer for buyer in self.buyers if buyer.leads), None)


def check_engaging(engaging: Engaging) -> None:
    """Refuse an engagement that ends before it starts.

    Raises:
        Refused: with the days.
    """
    if engaging.ends_on < engaging.starts_on:
        raise Refused("The last day must not be before the first", "ends_on")


def check_shapes(content: Content, engaging: Engaging | None) -> None:
    """Refuse a notice in which a code, an address, an identifier or a link cannot be one.

    Raises:
        Refused: with the first that is to be mended.
    """
    found = [each.words for each in shapes.findings(content) if each.blocks and each.part in _TOLD]
    asked = f"{engaging.about}\n{engaging.how}" if engaging else ""
    found += [f"“{link}” is no whole link. Write it as https://…" for link in shapes.broken_links(asked)]
    if found:
        raise Refused(found[0])


def facts(content: Content, region_codes: Sequence[str], engaging: Engaging | None) -> EarlyFacts:
    """Return what a notice tells of a draft as it stands."""
    return EarlyFacts(
        title=content.title.strip(),
        description=content.description.strip(),
        category=content.category,
        category_name=content.category_name,
        kind=content.course.kind,
        buyers=content.buyers,
        lots=tuple(PlannedLot(lot.title, lot.description, lot.cpv) for lot in content.lots),
        gross_pence=content.gross_pence,
        region_codes=tuple(region_codes),
        tender_on=content.dates.publish_on,
        starts_on=content.dates.starts_on,
        ends_on=content.dates.ends_on,
        engaging=engaging,
    )


def fields(code: Early, told: EarlyFacts, *, areas: str) -> list[Field]:
    """Return the fields of a notice; one that is needed and empty stands in its way."""
    return [
        *_parties(told),
        Field("Title", told.title, OWN),
        Field("Description", told.description, OWN),
        Field("Goods, services or works", KIND_WORDS[told.kind], OWN),
        Field("Category", told.category_name, OWN),
        *_engaging(code, told.engaging),
        *_planned(told, needed=code is Early.PLANNED),
        Field("Areas where the contract is performed", areas, OWN, needed=False),
    ]


def shortens(law: Law, *, planned_on: date, tender_on: date | None) -> bool | None:
    """Tell whether a planned procurement notice of a day would shorten the period for tenders.

    None as long as no day of the tender notice is planned.
    """
    if tender_on is None or planned_on >= tender_on:
        return None if tender_on is None else False
    return planned_notice_qualifies(law, planned_on=planned_on, tender_notice_on=tender_on)


def brings(code: Early, *, reference: str, published_on: date) -> dict[str, Any]:
    """Return what a confirmed notice writes into the tender, by the names of its columns."""
    if code is Early.ENGAGEMENT:
        return {"engagement": Engagement.NOTICE.value, "engagement_words": reference}
    return {"planned_notice_on": published_on}


# What a confirmed notice settles in the draft, so that nobody types anything else.
SETTLES: Final[Mapping[Early, frozenset[str]]] = {
    Early.ENGAGEMENT: frozenset({"engagement", "engagement_words"}),
    Early.PLANNED: frozenset({"planned_notice_on"}),
}
SETTLED_WORDS: Final[Mapping[str, str]] = {
    "engagement": "That suppliers were engaged beforehand, and the reference of the notice (UK2), are as it "
    "was confirmed.",
    "planned_notice_on": "The day of the planned procurement notice (UK3) is as it was confirmed.",
}


def settled(confirmed: Sequence[str]) -> frozenset[str]:
    """Return the columns of a draft that confirmed notices have settled, by the notices' numbers."""
    return frozenset[str]().union(*(SETTLES[Early(code)] for code in confirmed))


def as_json(told: EarlyFacts) -> dict[str, Any]:
    """Return facts as they are kept."""
    return {name: _plain(value) for name, value in asdict(told).items()}


def from_json(kept: Mapping[str, Any]) -> EarlyFacts:
    """Return facts that were kept."""
    engaging = kept["engaging"]
    said: dict[str, Any] = {
        **kept,
        **{name: _day_of(kept[name]) for name in ("tender_on", "starts_on", "ends_on")},
        "kind": ContractKind(kept["kind"]),
        "buyers": tuple(Buyer(**each) for each in kept["buyers"]),
        "lots": tuple(PlannedLot(**each) for each in kept["lots"]),
        "region_codes": tuple(kept["region_codes"]),
        "engaging": _engaging_of(engaging) if engaging else None,
    }
    return EarlyFacts(**said)


def _engaging_of(kept: Mapping[str, Any]) -> Engaging:
    starts, ends = date.fromisoformat(kept["starts_on"]), date.fromisoformat(kept["ends_on"])
    return Engaging(kept["about"], kept["how"], starts, ends)


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        known: dict[str, Any] = value
        return {name: _plain(each) for name, each in known.items()}
    if isinstance(value, list | tuple):
        several: Sequence[Any] = value
        return [_plain(each) for each in several]
    return value


def _parties(told: EarlyFacts) -> Iterator[Field]:
    """Yield each council by itself: it is missing from a joint notice where one of its parts is."""
    lead = told.lead
    yield Field("Lead contracting authority", _reached(lead) if lead else "", f"{_PARTY}(b)")
    for buyer in told.buyers:
        if not buyer.leads:
            name = f"Other contracting authority: {buyer.name}"
            yield Field(name, _reached(buyer), f"{_PARTY}(c) and (d)")


def _reached(buyer: Buyer) -> str:
    parts = [buyer.name, buyer.address.replace("\n", ", "), buyer.email, buyer.identifier]
    return "; ".join(parts) if all(part.strip() for part in parts) else ""


def _engaging(code: Early, engaging: Engaging | None) -> Iterator[Field]:
    if code is not Early.ENGAGEMENT:
        return
    yield Field("What suppliers are asked", engaging.about if engaging else "", OWN)
    yield Field("How suppliers take part", engaging.how if engaging else "", OWN)
    days = f"{_day(engaging.starts_on)} to {_day(engaging.ends_on)}" if engaging else ""
    yield Field("Days of the engagement", days, OWN)


def _planned(told: EarlyFacts, *, needed: bool) -> Iterator[Field]:
    for number, lot in enumerate(told.lots, 1):
        said = [lot.title, lot.description, f"CPV {lot.cpv}" if lot.cpv else ""]
        yield Field(f"Lot {number}, as planned", "\n".join(part for part in said if part), OWN, needed=False)
    gross = format_pence(told.gross_pence) if told.gross_pence is not None else ""
    yield Field("Estimated value with VAT, options and extensions", gross, OWN, needed=False)
    yield Field("Planned day of the tender notice", _day(told.tender_on), OWN, needed=needed)
    dates = f"{_day(told.starts_on)} to {_day(told.ends_on)}" if told.starts_on and told.ends_on else ""
    yield Field("Contract dates, as planned", dates, OWN, needed=False)


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
