"""Reads a release back into what a tender says, from the data alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from analytics.assessment.prices import Formula, Tiers
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import WORDS, Procedure
from tenders.rules.content import (
    Attachment,
    Buyer,
    Considered,
    Content,
    Course,
    Criterion,
    CriterionKind,
    Dates,
    Engagement,
    Kpi,
    Lot,
    Model,
    Price,
    Requirement,
)
from tenders.rules.terms import Terms
from values.years import LONDON

PROCEDURES = {words.capitalize(): procedure for procedure, words in WORDS.items()}


def content_of(release: dict[str, Any]) -> Content:
    """Return what a release says of its tender; the planned day of the notice is not published."""
    tender = release["tender"]
    own = tender["buyTogether"]
    first = next(iter(tender.get("lots", [])), {})
    item = next(iter(tender.get("items", [])), None)
    category = item["additionalClassifications"][0] if item else {}
    return Content(
        title=tender["title"],
        description=tender.get("description", ""),
        category=category.get("id", ""),
        category_name=category.get("description", ""),
        course=_course(tender, own),
        dates=_dates(tender, own, first.get("contractPeriod", {})),
        buyers=tuple(_buyer(party) for party in release.get("parties", []) if "buyer" in party["roles"]),
        lots=tuple(
            _lot(lot, item) for lot, item in zip(tender.get("lots", []), tender.get("items", []), strict=True)
        ),
        no_lots_reason=tender.get("lotDetails", {}).get("noLotsDivisionRationale", ""),
        requirements=tuple(
            Requirement(
                each["number"],
                each["text"],
                each["kind"] == "must",
                each["kind"] == "option",
                int(each["relatedLot"]) if "relatedLot" in each else None,
            )
            for each in own.get("requirements", [])
        ),
        criteria=tuple(sorted(_criteria(tender, first), key=lambda each: each.number)),
        price=_price(first),
        method=tender.get("awardCriteriaDetails", ""),
        kpis=tuple(
            Kpi(each["number"], each["title"], each.get("measure", ""), each.get("target", ""))
            for each in own.get("indicators", [])
        ),
        no_kpis_reason=own.get("noIndicatorsRationale", ""),
        engagement=Engagement(own["engagement"]) if "engagement" in own else None,
        engagement_words=_engagement(release.get("planning", {})),
        risks=tender.get("riskDetails", ""),
        considered=Considered("", "", None, "", ""),
        documents=tuple(
            Attachment(
                each["title"],
                each["buyTogether"]["name"],
                each["buyTogether"]["version"],
                each["buyTogether"]["sha256"],
                each["buyTogether"]["size"],
            )
            for each in tender["documents"]
            if "noticeType" not in each
        ),
        tie_break=own.get("tieBreak", ""),
        terms=_terms(tender, own),
    )


def _terms(tender: dict[str, Any], own: dict[str, Any]) -> Terms:
    codes = [code.lower() for code in tender.get("coveredBy", [])]
    codes += ["other"] if own.get("otherAgreement") else []
    recurrence = tender.get("recurrence", {})
    techniques, limits = tender["techniques"], tender.get("lotDetails", {})
    return Terms(
        languages=tuple(tender["submissionTerms"]["languages"]),
        requests_how=own.get("requestsToParticipate", ""),
        auction=techniques.get("hasElectronicAuction", False),
        auction_words=techniques.get("electronicAuction", {}).get("description", ""),
        treaties=("none",) if own.get("noAgreement") else tuple(codes),
        treaties_words=own.get("otherAgreementName", ""),
        recurs=tender.get("hasRecurrence", False),
        recurs_on=_day(next(iter(recurrence.get("dates", [])), {}).get("startDate")),
        recurs_words=recurrence.get("description", ""),
        repeats=own.get("repeatServices", ""),
        specifications=own.get("technicalSpecifications", ""),
        payment_terms=tender.get("contractTerms", {}).get("financialTerms", ""),
        most_lots_bid=limits.get("maximumLotsBidPerSupplier"),
        most_lots_won=limits.get("maximumLotsAwardedPerSupplier"),
        lots_order=own.get("lotsOrder", ""),
    )


def _pence(value: dict[str, Any] | None, name: str = "amount") -> int | None:
    return None if value is None or name not in value else int(Decimal(str(value[name])) * 100)


def _day(text: str | None):
    return datetime.fromisoformat(text).astimezone(LONDON).date() if text else None


def _instant(text: str | None):
    return datetime.fromisoformat(text) if text else None


def _course(tender: dict[str, Any], own: dict[str, Any]) -> Course:
    procedure = tender.get("procedure", {})
    framework = tender["techniques"].get("frameworkAgreement", {})
    assert tender["aboveThreshold"] == (
        PROCEDURES[tender["procurementMethodDetails"]] is not Procedure.BELOW_THRESHOLD
    )
    return Course(
        procedure=PROCEDURES[tender["procurementMethodDetails"]],
        model=Model(own["contractModel"]),
        kind=ContractKind(own["contractKind"]),
        light_touch="lightTouch" in tender.get("specialRegime", []),
        preselected=own.get("preselected", False),
        negotiated=own.get("negotiated", False),
        urgent=procedure.get("isAccelerated", False),
        urgency_reason=procedure.get("acceleratedRationale", ""),
        documents_later=own.get("documentsLater", False),
        stages=procedure.get("features", ""),
        term_reason=framework.get("periodRationale", own.get("termReason", "")),
        several_bids=own.get("severalBids", False),
    )


def _dates(tender: dict[str, Any], own: dict[str, Any], term: dict[str, Any]) -> Dates:
    return Dates(
        publish_on=None,
        planned_notice_on=_day(own.get("plannedNoticeDate")),
        requests_due_on=_day(tender.get("expressionOfInterestDeadline")),
        invite_on=_day(tender.get("secondStage", {}).get("invitationDate")),
        tenders_due_at=_instant(tender["tenderPeriod"].get("endDate")),
        award_on=_day(tender.get("awardPeriod", {}).get("startDate")),
        starts_on=_day(term.get("startDate")),
        ends_on=_day(term.get("endDate")),
        extended_until=_day(term.get("maxExtentDate")),
    )


def _buyer(party: dict[str, Any]) -> Buyer:
    return Buyer(
        code=party["identifier"]["id"],
        name=party["name"],
        leads="leadBuyer" in party["roles"],
        address=party["address"].get("streetAddress", ""),
        email=party.get("contactPoint", {}).get("email", ""),
        identifier=party.get("additionalIdentifiers", [{"id": ""}])[0]["id"],
    )


def _lot(lot: dict[str, Any], item: dict[str, Any]) -> Lot:
    own = lot["buyTogether"]
    schedule = own["priceSchedule"]
    take_up = {each["name"]: each for each in schedule["takeUp"]}
    options = _pence(own.get("optionsValue"))
    whole = _pence(lot.get("value"))
    regions = tuple(each["region"] for each in item.get("deliveryAddresses", []))
    return Lot(
        number=int(lot["id"]),
        title=lot["title"],
        description=lot.get("description", ""),
        cpv=item.get("classification", {}).get("id", ""),
        net_pence=None if whole is None else whole - (options or 0),
        options_pence=options,
        options=lot.get("options", {}).get("description", ""),
        gross_pence=_pence(lot.get("value"), "amountGross"),
        unit=schedule.get("unit", ""),
        low_units=take_up["low"].get("units"),
        expected_units=take_up["expected"].get("units"),
        full_units=take_up["full"].get("units"),
        low_weight=take_up["low"]["weight"],
        expected_weight=take_up["expected"]["weight"],
        full_weight=take_up["full"]["weight"],
        tier_starts=tuple(schedule.get("tierStarts", ())),
        counting=Tiers(schedule["counting"]),
        small_firms=lot["suitability"]["sme"],
        areas=regions if own.get("ownAreas") else (),
    )


def _weight(thing: dict[str, Any]) -> Decimal | None:
    return Decimal(str(thing["numbers"][0]["number"])) if "numbers" in thing else None


def _criteria(tender: dict[str, Any], lot: dict[str, Any]):
    for each in tender.get("selectionCriteria", {}).get("criteria", []):
        own = each["buyTogether"]
        yield _criterion(
            {**own, "standard": each.get("minimum", "")}, own, CriterionKind.CONDITION, None, _weight(each)
        )
    for each in lot.get("awardCriteria", {}).get("criteria", []):
        if each["type"] == "price":
            continue
        own = each["buyTogether"]
        words = {"title": each["name"], "description": each.get("description", "")}
        yield _criterion(own, words, CriterionKind.AWARD, None, _weight(each))
        for part in own.get("parts", []):
            words = {"title": part["name"], "description": part.get("description", "")}
            yield _criterion(part, words, CriterionKind.AWARD, own["number"], _weight(part))


def _criterion(own, words, kind, parent, weight) -> Criterion:
    return Criterion(
        number=own["number"],
        kind=kind,
        parent=parent,
        title=words["title"],
        description=words.get("description", ""),
        weight=weight,
        highest=own.get("bestMark"),
        least=own.get("leastMark"),
        passes_or_fails=own.get("passOrFail", False),
        standard=own.get("standard", ""),
        reason=own.get("reason", ""),
    )


def _price(lot: dict[str, Any]) -> Price:
    criteria = lot.get("awardCriteria", {}).get("criteria", [])
    price = next((each for each in criteria if each["type"] == "price"), None)
    if price is None:
        return Price(None, Formula.LOWEST_OVER_PRICE, None)
    own = price["buyTogether"]
    return Price(_weight(price), Formula(own["formula"]), _pence(own.get("referenceValue")))


def _engagement(planning: dict[str, Any]) -> str:
    notices = planning.get("documents", [])
    return notices[0]["description"] if notices else planning.get("noEngagementNoticeRationale", "")
