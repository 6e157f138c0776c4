"""Notices of a tender: which are due, what they say, and whether they say all that the law asks for.

Nothing becomes public here before the central platform has it (Procurement Regulations 2024, regulation
5(11)): a notice is prepared, taken to the platform by a person, and its confirmation is recorded.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sourcing.rules.law import Law, Period
from sourcing.rules.periods import Circumstances, planned_notice_qualifies, shortest
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import WORDS, Procedure
from tenders.rules import notice_terms
from tenders.rules.content import MODEL_WORDS, Content, Criterion, Engagement, Lot, Model
from tenders.rules.notice_terms import Field
from tenders.rules.states import STATE_WORDS, TenderState
from values.money import format_pence
from values.refusals import Refused
from values.years import LONDON

KIND_WORDS: Final = {
    ContractKind.GOODS_OR_SERVICES: "Goods or services",
    ContractKind.WORKS: "Works",
    ContractKind.CONCESSION: "Concession",
}
# A clock of the platform or of the person may be ahead of ours by so much.
AHEAD: Final = timedelta(minutes=5)


class Code(enum.StrEnum):
    """The notices that this part of the service prepares, by their numbers on Find a Tender."""

    TENDER = "UK4"
    AWARD = "UK6"
    TERMINATION = "UK12"


class NoticeState(enum.StrEnum):
    """How far a notice is."""

    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


NOTICE_WORDS: Final[Mapping[NoticeState, tuple[str, str]]] = {
    NoticeState.PREPARED: ("Prepared, not confirmed", "yellow"),
    NoticeState.CONFIRMED: ("Published by the central platform", "green"),
    NoticeState.DISCARDED: ("Discarded", "grey"),
}


def due(state: str, *, published: bool, below: bool = False) -> Code | None:
    """Return the notice that a tender owes next, or None; `below` the threshold none of an award."""
    if TenderState(state) is TenderState.APPROVED:
        return Code.TENDER
    if TenderState(state) is TenderState.AWARDED and not below:
        return Code.AWARD
    if TenderState(state) is TenderState.TERMINATED and published:
        return Code.TERMINATION
    return None


def check_due(code: Code, state: str, *, published: bool, below: bool = False) -> None:
    """Refuse a notice that is not due.

    Raises:
        Refused: with what comes first.
    """
    if due(state, published=published, below=below) is code:
        return
    now = STATE_WORDS[TenderState(state)][0].lower()
    if code is Code.TENDER:
        raise Refused(f"A tender notice is prepared once every buyer has approved. This tender is {now}.")
    if code is Code.AWARD and below:
        raise Refused("Below the threshold no contract award notice is owed.")
    if code is Code.AWARD:
        raise Refused("A contract award notice follows the award, once all bidders were told.")
    raise Refused("A procurement termination notice is due when a published tender was terminated.")


def check_whole(fields: Sequence[Field]) -> None:
    """Refuse a notice that lacks what the law asks for.

    Raises:
        Refused: naming the fields that are empty.
    """
    lacking = [each.name for each in fields if each.needed and not each.value]
    if lacking:
        raise Refused(f"The notice lacks: {'; '.join(lacking)}.")


def check_confirmation(reference: str, published_at: datetime, prepared_at: datetime, now: datetime) -> None:
    """Refuse a confirmation that cannot be one.

    Raises:
        Refused: no reference, a time to come, or one before the notice was prepared.
    """
    if not reference:
        raise Refused("Enter the reference that the central platform gave the notice", "reference")
    if published_at > now + AHEAD:
        raise Refused("The notice cannot have been published in the future", "published_on")
    if published_at.astimezone(LONDON).date() < prepared_at.astimezone(LONDON).date():
        raise Refused("The notice cannot have been published before it was prepared", "published_on")


def tender_notice(content: Content, law: Law, on: date, *, areas: str) -> list[Field]:
    """Return the fields of a tender notice (UK4) that this service can fill; `areas` are the buyers' own."""
    # A region that the register does not know is left for whoever enters the notice; a lot may say its own.
    left = [lot for lot in content.lots if not lot.areas]
    name = "Areas where the contract is performed"
    where = Field(
        name if len(left) == len(content.lots) else f"{name}, for other lots", areas, _TENDER, needed=False
    )
    subject = [*_subject(content), *([where] if left else [])]
    course = [*_course(content, law, on), *notice_terms.fields(content)]
    return [*_parties(content), *subject, *course, *_assessment(content)]


def termination_notice(content: Content, *, reference: str, decided_on: date) -> list[Field]:
    """Return the fields of a procurement termination notice (UK12)."""
    source = "Procurement Regulations 2024, regulation 37"
    return [
        *_parties(content),
        Field("Title of the procurement", content.title, source),
        Field("Reference of the tender notice", reference, source),
        Field("Decision", "The procurement was terminated without an award", source),
        Field("Day of the decision", _day(decided_on), source),
    ]


def award_notice(
    content: Content,
    *,
    reference: str,
    winners: Sequence[tuple[str, str]],
    told_at: datetime,
    received: int,
    assessed: int,
    standstill: str,
) -> list[Field]:
    """Return the fields of a contract award notice (UK6); `winners`: title of a lot, supplier."""
    source = "Procurement Regulations 2024, regulation 27"
    return [
        *_parties(content),
        Field("Title of the procurement", content.title, source),
        Field("Reference of the tender notice", reference, source),
        *(Field(f"Supplier for {lot}", name, f"{source}(2)") for lot, name in winners),
        Field("Assessment summaries sent", _day(told_at.astimezone(LONDON).date()), source),
        Field("Tenders received", str(received), f"{source}(2)(n)"),
        Field("Tenders assessed", str(assessed), f"{source}(2)(n)"),
        Field("Standstill", standstill, f"{source}(2)(s)"),
    ]


def as_json(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Return fields as they are kept and exported."""
    return [
        {"name": each.name, "value": each.value, "source": each.source, "needed": each.needed}
        | ({"finding": each.finding} if each.finding else {})
        for each in fields
    ]


def exported(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return fields for programs; what only whoever prepared the notice should mend stays inside."""
    return [{name: said for name, said in each.items() if name != "finding"} for each in kept]


def as_text(title: str, fields: Sequence[Field]) -> str:
    """Return a notice as plain text, to be typed or pasted into the central platform."""
    blocks = [title, "=" * len(title), ""]
    for each in fields:
        blocks += [f"{each.name} ({each.source})", each.value or "Nothing said", ""]
    return "\n".join(blocks)


_PARTY: Final = "Procurement Regulations 2024, regulation 13"
_TENDER: Final = "Procurement Regulations 2024, regulation 18(2)"


def _parties(content: Content) -> Iterator[Field]:
    lead = content.lead
    yield Field("Lead contracting authority", _buyer_words(lead) if lead else "", f"{_PARTY}(b)")
    others = [_buyer_words(buyer) for buyer in content.buyers if not buyer.leads]
    yield Field(
        "Other contracting authorities", "\n".join(others), f"{_PARTY}(c) and (d)", needed=bool(others)
    )


def _buyer_words(buyer: Any) -> str:
    return "; ".join([buyer.name, buyer.address.replace("\n", ", "), buyer.email, buyer.identifier])


def _subject(content: Content) -> Iterator[Field]:
    yield Field("Title", content.title, _TENDER)
    yield Field("Description", content.description, _TENDER)
    yield Field("Goods, services or works", KIND_WORDS[content.course.kind], _TENDER)
    yield Field("Special regime", "Light touch" if content.course.light_touch else "None", _TENDER)
    gross = content.gross_pence
    yield Field(
        "Estimated value with VAT, options and extensions",
        format_pence(gross) if gross is not None else "",
        _TENDER,
    )
    for lot in content.lots:
        yield Field(f"Lot {lot.number}", _lot_words(lot), _TENDER)
    covered = content.course.procedure is not Procedure.BELOW_THRESHOLD
    undivided = len(content.lots) == 1 and covered and not content.course.light_touch
    yield Field(
        "Reason for not dividing into lots", content.no_lots_reason, f"{_TENDER}(q)", needed=undivided
    )
    dates = content.dates
    yield Field("Contract dates", _term(content), _TENDER)
    yield Field("Known risks", content.risks, _TENDER, needed=False)
    yield Field("Estimated award date", _day(dates.award_on), _TENDER)


def _lot_words(lot: Lot) -> str:
    value = [
        f"{words} {format_pence(pence)}"
        for words, pence in (
            ("without VAT", lot.net_pence),
            ("options without VAT", lot.options_pence),
            ("with VAT and options", lot.gross_pence),
        )
        if pence is not None
    ]
    said = [
        lot.title,
        lot.description,
        f"CPV {lot.cpv}" if lot.cpv else "",
        ", ".join(value),
        f"Options: {lot.options}" if lot.options else "",
        f"Performed in: {lot.areas_words}" if lot.areas else "",
        f"Suitable for small and medium-sized or voluntary suppliers: {'yes' if lot.small_firms else 'no'}",
    ]
    return "\n".join(part for part in said if part)


def _term(content: Content) -> str:
    dates = content.dates
    if dates.starts_on is None or dates.ends_on is None:
        return ""
    longer = f", with extensions until {_day(dates.extended_until)}" if dates.extended_until else ""
    return f"{_day(dates.starts_on)} to {_day(dates.ends_on)}{longer}"


def _course(content: Content, law: Law, on: date) -> Iterator[Field]:
    course, dates = content.course, content.dates
    yield Field("Procedure", WORDS[course.procedure], _TENDER)
    flexible = course.procedure is Procedure.COMPETITIVE_FLEXIBLE
    yield Field(
        "Description of the process",
        course.stages,
        "Procurement Regulations 2024, regulation 19",
        needed=flexible,
    )
    yield Field("Contract", MODEL_WORDS[course.model], _TENDER)
    if course.model is Model.FRAMEWORK:
        entitled = "\n".join(buyer.name for buyer in content.buyers)
        yield Field("Who may call off", entitled, "Procurement Act 2023, section 45(5)(f)")
        yield Field(
            "Reason for a longer term", course.term_reason, "Procurement Act 2023, section 47", needed=False
        )
    due_at = dates.tenders_due_at
    yield Field(
        "Tenders due", f"{due_at.astimezone(LONDON):%H:%M on %-d %B %Y} (London)" if due_at else "", _TENDER
    )
    yield Field("Requests to participate due", _day(dates.requests_due_on), _TENDER, needed=False)
    if course.procedure is not Procedure.BELOW_THRESHOLD:
        period = _period(content, law, on)
        stated = f"Entry {period.entry}: {period.words}" if period.in_notice else ""
        yield Field("Shorter tendering period relied on", stated, f"{_TENDER}(s)", needed=period.in_notice)
        yield Field("Reasons of urgency", course.urgency_reason, f"{_TENDER}(s)", needed=course.urgent)
        yield from _duties(content)


def _duties(content: Content) -> Iterator[Field]:
    engaged = {
        Engagement.NOTICE: f"Notice {content.engagement_words}",
        Engagement.REASON: f"Carried out without a notice: {content.engagement_words}",
        Engagement.NONE: "None was carried out",
        None: "",
    }[content.engagement]
    yield Field("Preliminary market engagement", engaged, "Procurement Act 2023, section 17")
    prepared = content.considered.conflicts_on
    words = "It was prepared, and revised as needed" if prepared else ""
    yield Field("Confirmation of the conflicts assessment", words, "Procurement Act 2023, section 83")


def _period(content: Content, law: Law, on: date) -> Period:
    course, planned = content.course, content.dates.planned_notice_on
    at = Circumstances(
        light_touch=course.light_touch,
        urgent=course.urgent,
        preselected=course.preselected,
        negotiated=course.negotiated,
        planned_notice=planned is not None
        and planned < on
        and planned_notice_qualifies(law, planned_on=planned, tender_notice_on=on),
        documents_at_once=not course.documents_later,
    )
    return shortest(law, "tendering", at, on=on)


def _assessment(content: Content) -> Iterator[Field]:
    conditions = [_criterion_words(each) for each in content.conditions]
    yield Field("Conditions of participation", "\n".join(conditions), _TENDER, needed=False)
    weights = [_criterion_words(each) for each in content.award]
    if content.price.weight is not None:
        weights.append(f"Price: {content.price.weight.normalize():f} %. {content.price.formula_words}")
    yield Field("Award criteria", "\n".join(weights), f"{_TENDER}; Procurement Act 2023, section 23")
    yield Field("Assessment methodology", content.method, "Procurement Act 2023, section 23")
    yield Field("What breaks a tie", content.tie_words, "Procurement Act 2023, section 23", needed=False)
    files = [f"{each.title} (version {each.version}, SHA-256 {each.sha256})" for each in content.documents]
    yield Field("Documents", "\n".join(files), _TENDER, needed=False)


def _criterion_words(each: Criterion) -> str:
    if each.passes_or_fails:
        return f"{each.title}: pass or fail. {each.standard}".strip()
    weight = f": {each.weight.normalize():f} %" if each.weight is not None else ""
    return f"{each.title}{weight}. {each.description}".strip()


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
