"""How contracts were performed as notices told it: indicators as assessed, failures, published payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ocds.rules.processes import ContractNotice, Information
from ocds.rules.saying import Json, first_of, last_of, said, value
from tenders.rules.contracts import performing
from tenders.rules.contracts.telling import Failed, Read

# Codes of the UK extension for ratings, paired by their order (`tenders.rules.contracts.performing`).
RATINGS: Final[Mapping[str, str]] = {
    "good": "met",
    "approaching": "slightlyBelow",
    "improvement": "below",
    "inadequate": "significantlyBelow",
    "other": "other",
}
# What a court awards is imposed, what both sides agree on negotiated; of other consequences nothing is known.
_PENALTIES: Final[Mapping[str, str]] = {"damages": "imposed", "settlement": "negotiated"}
# The day on which section 71(5) applies is that of the decision, of the end, or of the penalty.
_DECIDED: Final = frozenset({"not-improved"})


def metrics(told: Sequence[ContractNotice]) -> list[Json]:
    """Return the indicators with what was read of each; of the same period what was told last."""
    found: dict[tuple[int, str, str], Read] = {}
    for notice in told:
        for each in notice.facts.readings if notice.facts else ():
            found[each.kpi_number, each.from_on.isoformat(), each.until_on.isoformat()] = each
    by_number: dict[int, list[Read]] = {}
    for key in sorted(found):
        by_number.setdefault(key[0], []).append(found[key])
    return [
        said(id=str(number), title=reads[-1].title, observations=[_observation(each) for each in reads])
        for number, reads in by_number.items()
    ]


def _observation(each: Read) -> Json:
    return said(
        id=f"{each.kpi_number}-{each.from_on}-{each.until_on}",
        period=said(startDate=first_of(each.from_on), endDate=last_of(each.until_on)),
        measure=each.value,
        measureClassification=said(id=RATINGS[each.rating], description=performing.RATING_WORDS[each.rating]),
        notes=f"Target: {each.target}" if each.target else None,
    )


def failures(told: Sequence[ContractNotice], suppliers: Sequence[Json]) -> list[Json]:
    """Return breaches and failures with their consequences, each once; `suppliers` are references."""
    found = {each.id: each for notice in told for each in (notice.facts.failures if notice.facts else ())}
    return [_failure(each, suppliers) for each in found.values()]


def _failure(each: Failed, suppliers: Sequence[Json]) -> Json:
    decided = each.consequence in _DECIDED
    return said(
        id=each.id,
        description=f"{performing.CONSEQUENCE_WORDS[each.consequence]}: {each.words}",
        decisionDate=first_of(each.applies_on) if decided else None,
        penaltyDate=None if decided else first_of(each.applies_on),
        penaltyType=_PENALTIES.get(each.consequence),
        partialTermination=each.words if each.consequence == "partly-terminated" else None,
        suppliers=list(suppliers),
    )


def transactions(information: Sequence[Information], payer: Json | None, payee: Json | None) -> list[Json]:
    """Return payments of which information was published."""
    return [
        said(
            id=each.id,
            date=first_of(each.paid_on),
            value=value(None, each.sum_pence),
            payer=payer,
            payee=payee,
            buyTogether=said(reference=one.reference, publishedDate=first_of(one.published_on)),
        )
        for one in information
        for each in one.payments
    ]
