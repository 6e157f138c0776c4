"""What the notices of a contract say, field by field, with where the law asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from sourcing.rules.counting import last_day
from sourcing.rules.law import Law
from sourcing.rules.timetables.asked import WORDS
from tenders.rules.award_facts import Named, identified
from tenders.rules.content import MODEL_WORDS, Buyer, Content, Model
from tenders.rules.contracts import ending, performing, telling
from tenders.rules.contracts.life import Assessment, Breach, Changed, Ending, Life, Reading
from tenders.rules.notices import KIND_WORDS, Field
from values.money import format_pence
from values.refusals import Refused

NAMES: Final[Mapping[str, str]] = {
    "UK7": "Contract details notice",
    "UK9": "Contract performance notice",
    "UK10": "Contract change notice",
    "UK11": "Contract termination notice",
}
_DETAILS: Final = "Procurement Regulations 2024, regulation 32"
_PERFORMANCE: Final = "Procurement Regulations 2024, regulation 39"
_CHANGE: Final = "Procurement Regulations 2024, regulation 40"
_END: Final = "Procurement Regulations 2024, regulation 41"
_PARTY: Final = "Procurement Regulations 2024, regulation 13"
MOST_MATERIAL: Final = 3


def check_due(code: str, life: Life, about: object) -> None:
    """Refuse a notice that does not belong to what it is about.

    Raises:
        Refused: with why.
    """
    if code == "UK10" and isinstance(about, Changed):
        if not about.needs_notice:
            raise Refused("This change needs no contract change notice (section 75).")
        if about.state != "approved":
            raise Refused("An approver of the council approves the change first.")
    if code == "UK11" and isinstance(about, Ending) and not about.whole:
        raise Refused(
            "The contract goes on. A part that a breach ended is told by a performance notice (UK9)."
        )
    if code == "UK9" and isinstance(about, Breach) and about.consequence == "terminated" and life.ended:
        raise Refused("The termination notice (UK11) tells of this breach (regulation 39(9)).")


def details(
    content: Content,
    life: Life,
    law: Law,
    *,
    suppliers: Sequence[Named],
    tender_notice: str,
    award_notice: str,
) -> list[Field]:
    """Return the fields of a contract details notice (UK7).

    Args:
        content: of the tender.
        life: the contract.
        law: the tables.
        suppliers: all that have signed, with what they had declared when the award was decided.
        tender_notice: reference of the tender notice.
        award_notice: of the contract award notice; empty where none was owed.
    """
    facts = life.facts
    return [
        *_parties(content, life),
        *_contract(life),
        identified(suppliers, _DETAILS),
        Field(
            "Size and kind of the supplier",
            "\n".join(f"{each.name}: {each.declared.words.lower()}" for each in suppliers),
            _DETAILS,
            # Awards of before suppliers were written down one by one have none.
            needed=bool(suppliers),
        ),
        Field("Reference of the tender notice", tender_notice, _DETAILS),
        Field("Reference of the contract award notice", award_notice, _DETAILS, needed=facts.covered),
        Field("Procedure", WORDS[facts.procedure], _DETAILS),
        Field("Special regime", "Light touch" if facts.light_touch else "None", _DETAILS),
        Field("Contract", MODEL_WORDS[facts.model], _DETAILS),
        Field("Goods, services or works", KIND_WORDS[facts.kind], _DETAILS),
        Field("Day on which it was entered into", _day(facts.signed_on), _DETAILS),
        Field(
            "Estimated value with VAT, options and extensions",
            format_pence(facts.value_gross_pence) if facts.value_gross_pence else "",
            _DETAILS,
        ),
        Field("Contract dates", _term(life), _DETAILS, needed=facts.ends_on is not None),
        Field("Options and extensions", facts.options, _DETAILS, needed=False),
        *_indicators(life),
        Field("Copy of the contract", _copy(life, law), "Procurement Act 2023, section 53(3)"),
        Field(
            "Confirmation of the conflicts assessment",
            "It was prepared, and revised as needed"
            if content.considered.conflicts_on or not facts.covered
            else "",
            "Procurement Act 2023, section 83",
            needed=facts.covered,
        ),
    ]


def performance(
    content: Content, life: Life, about: Assessment | Breach, *, suppliers: Sequence[Named]
) -> list[Field]:
    """Return the fields of a contract performance notice (UK9): of an assessment, or of a breach."""
    return [
        *_parties(content, life),
        *_contract(life),
        identified(suppliers, _PERFORMANCE),
        _made(life, _PERFORMANCE),
        *(_assessed(life, about) if isinstance(about, Assessment) else _breached(about)),
    ]


def change(
    content: Content, life: Life, about: Changed, *, suppliers: Sequence[Named], ground: str
) -> list[Field]:
    """Return the fields of a contract change notice (UK10); `ground` is the way in words."""
    after = life.value_gross_pence + about.value_pence
    months = f"{about.term_months:+d} months" if about.term_months else "The term stays"
    return [
        *_parties(content, life),
        *_contract(life),
        identified(suppliers, _CHANGE),
        _made(life, _CHANGE),
        Field("What is changed", about.words, _CHANGE),
        Field("Why", about.reason, _CHANGE),
        Field("Ground or limit on which it is permitted", ground, _CHANGE),
        Field("Estimated value before", format_pence(life.value_gross_pence), _CHANGE),
        Field("Estimated value after", format_pence(after), _CHANGE),
        Field("Term", months, _CHANGE),
        Field("New supplier", about.new_supplier, _CHANGE, needed=False),
        Field(
            "Text of the change",
            "It is published within 90 days of the change"
            if about.text_is_published
            else "Not owed: the value stays at or below £5 million",
            "Procurement Act 2023, section 77",
        ),
        Field(
            "Confirmation of the conflicts assessment",
            "It was prepared, and revised as needed" if content.considered.conflicts_on else "",
            "Procurement Act 2023, section 83",
        ),
    ]


def end(content: Content, life: Life, about: Ending, *, suppliers: Sequence[Named]) -> list[Field]:
    """Return the fields of a contract termination notice (UK11)."""
    kind = ending.KINDS[about.kind]
    breaches = [each for each in life.breaches if each.consequence == "terminated"]
    return [
        *_parties(content, life),
        *_contract(life),
        identified(suppliers, _END),
        _made(life, _END),
        Field("Day on which it ended", _day(about.ended_on), _END),
        Field("How it ended", kind.words, f"{_END}; Procurement Act 2023, {kind.source}"),
        Field("In more words", about.words, _END),
        Field("Estimated value by then", format_pence(life.value_gross_pence), _END),
        *(field for each in breaches for field in _breached(each)),
    ]


def _parties(content: Content, life: Life) -> Iterator[Field]:
    facts = life.facts
    signs = [each for each in content.buyers if each.code == facts.body_code]
    if facts.model is Model.PARALLEL:
        yield Field("Contracting authority", "\n".join(_buyer(each) for each in signs), _PARTY)
        return
    yield Field("Lead contracting authority", "\n".join(_buyer(each) for each in signs), f"{_PARTY}(b)")
    others = [_buyer(each) for each in content.buyers if each.code != facts.body_code]
    yield Field(
        "Other contracting authorities", "\n".join(others), f"{_PARTY}(c) and (d)", needed=bool(others)
    )


def _buyer(buyer: Buyer) -> str:
    return "; ".join([buyer.name, buyer.address.replace("\n", ", "), buyer.email, buyer.identifier])


def _contract(life: Life) -> Iterator[Field]:
    facts = life.facts
    yield Field("Title of the procurement", facts.tender_title, _DETAILS)
    yield Field("Contract", f"{facts.reference}: {facts.lot_title}", _DETAILS)
    yield Field("Supplier", life.supplier, _DETAILS)


def _made(life: Life, source: str) -> Field:
    """Return which changes were made by now of which a notice had told before they were."""
    words = "\n".join(
        f"Change {each.number}, made on {_day(each.made_on)}" for each in telling.announced(life)
    )
    return Field("Changes made by now", words, source, needed=False)


def _term(life: Life) -> str:
    facts = life.facts
    if facts.ends_on is None:
        return ""
    longer = f", with extensions until {_day(facts.extended_until)}" if facts.extended_until else ""
    return f"{_day(facts.begins_on)} to {_day(facts.ends_on)}{longer}"


def _indicators(life: Life) -> Iterator[Field]:
    facts, source = life.facts, f"{_DETAILS}(2)(r)"
    # The order of the tender is the buyers' own: the first are the most material.
    for each in facts.kpis[:MOST_MATERIAL]:
        said = ". ".join(part for part in (each.title, each.measure, each.target) if part)
        yield Field(f"Key performance indicator {each.number}", said, source)
    if not facts.kpis:
        why = facts.no_kpis_reason or "None were set"
        yield Field("Key performance indicators", why, source)


def _copy(life: Life, law: Law) -> str:
    facts = life.facts
    least = law.sum("contract-copy", facts.signed_on)
    if not facts.covered or not least.is_reached(value_gross_pence=facts.value_gross_pence):
        return "Not owed: the value is at or below £5 million"
    touch = "-light-touch" if facts.light_touch else ""
    limit = law.limit(f"contract-copy{touch}", facts.signed_on)
    return f"It is published by {_day(last_day(facts.signed_on, limit.amount))}"


def _assessed(life: Life, about: Assessment) -> Iterator[Field]:
    source = f"{_PERFORMANCE}(5)"
    yield Field("Period", f"{_day(about.from_on)} to {_day(about.until_on)}", _PERFORMANCE)
    if about.last:
        yield Field("Occasion", "On the end of the contract", _PERFORMANCE)
    titles = {each.number: each for each in life.facts.kpis}
    for each in performing.within(life.readings, about.from_on, about.until_on):
        yield Field(titles[each.kpi_number].title, _read(each, titles[each.kpi_number].target), source)


def _read(each: Reading, target: str) -> str:
    rated = performing.RATING_WORDS[each.rating]
    aim = f" against {target}" if target else ""
    return f"{_day(each.from_on)} to {_day(each.until_on)}: {each.value}{aim}. {rated}"


def _breached(about: Breach) -> Sequence[Field]:
    source = f"{_PERFORMANCE}; Procurement Act 2023, section 71"
    return (
        Field("What came of a breach or failure", performing.CONSEQUENCE_WORDS[about.consequence], source),
        Field("Since when section 71(5) applies", _day(about.applies_on), source),
        Field("What happened", about.words, source),
    )


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
