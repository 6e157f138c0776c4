"""The linter: every finding about a tender, in the order of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from procurement.rules import wording
from sourcing.rules.law import Law
from sourcing.rules.overrides import Overrides
from tenders.rules.content import Content
from tenders.rules.linting import criteria, dates, duties, shapes, terms, value
from tenders.rules.linting.findings import OURS, REGULATIONS, Finding, Part, blocks, look


def findings(content: Content, law: Law, today: date, overrides: Overrides | None = None) -> list[Finding]:
    """Return what a tender lacks and what may not stand: by part, what blocks first.

    Args:
        content: all that it says.
        law: the tables.
        today: the day on which it is looked at; the law is that of the planned notice.
        overrides: what officers set in place of the tables.
    """
    found = [
        *_basics(content),
        *value.findings(content, law, today),
        *duties.findings(content, law, today),
        *criteria.findings(content),
        *dates.findings(content, law, today, overrides),
        *terms.findings(content),
        *shapes.findings(content),
        *_wording(content),
        *_documents(content),
    ]
    order = list(Part)
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda each: (order.index(each.part), not each.blocks))


def blocking(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings that keep a tender from being approved."""
    return [each for each in found if each.blocks]


def _basics(content: Content) -> Iterator[Finding]:
    source = f"{REGULATIONS}regulation 18(2)"
    if not content.description:
        yield blocks("no-description", Part.BASICS, "Describe what is bought.", source)
    for lot in content.lots:
        if not lot.cpv:
            yield blocks("no-cpv", Part.LOTS, f"Lot {lot.number}: enter its CPV code.", source)
    if not content.risks:
        yield look(
            "no-risks",
            Part.BASICS,
            "Name the risks that are known already. A contract may later be changed for a known risk "
            "only if the "
            "notice named it.",
            f"{REGULATIONS}regulation 18(2); Procurement Act 2023, Schedule 8, paragraphs 5 to 7",
        )


def _wording(content: Content) -> Iterator[Finding]:
    if not content.requirements:
        yield blocks("no-requirements", Part.REQUIREMENTS, "Say what is required.", OURS)
    for each in content.requirements:
        for found in wording.findings(each.text):
            told = content.considered.necessity
            words = f"Requirement {each.position} says “{found.found}”. {found.rule.words}"
            if not told:
                words += " If it is necessary, say why under what was considered."
            yield look(found.rule.code, Part.REQUIREMENTS, words, found.rule.source)


def _documents(content: Content) -> Iterator[Finding]:
    if not content.documents:
        words = "No document is attached."
        if not content.course.documents_later:
            words += " The tendering period is counted as if all documents come with the notice."
        yield look("no-documents", Part.DOCUMENTS, words, "Procurement Act 2023, section 54(4)")
