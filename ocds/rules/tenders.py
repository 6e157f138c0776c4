"""The tender stage of a release, as it stands after one event, and what of planning a tender tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from ocds.rules import corrections, criteria, documents, lots, parties, planning, terms
from ocds.rules.ids import Publisher
from ocds.rules.processes import Answer, Extension, Process
from ocds.rules.saying import Json, first_of, instant, last_of, said, value
from sourcing.rules.timetables.asked import WORDS, Procedure
from tenders.rules.content import Content, Engagement, Model

METHODS: Final = {
    Procedure.OPEN: "open",
    Procedure.COMPETITIVE_FLEXIBLE: "selective",
    Procedure.BELOW_THRESHOLD: "open",
}
# Procurement Act 2023.
ACT: Final = {"scheme": "UKPGA", "id": "2023/54", "uri": "https://www.legislation.gov.uk/ukpga/2023/54"}


@dataclass(frozen=True, slots=True)
class Moment:
    """How a process stood at an instant: what had become public by then."""

    status: str
    answers: Sequence[Answer]
    extensions: Sequence[Extension]
    due_at: datetime | None
    asked_until: datetime | None


def moment(process: Process, at: datetime, status: str) -> Moment:
    """Return how a process stood; a deadline or a time for questions that was moved later is as it was."""
    moved = [each for each in process.extensions if each.moved_at <= at]
    to_come = process.extensions[len(moved) :]
    answers = sorted((each for each in process.answers if each.published_at <= at), key=attrgetter("number"))
    due_at = to_come[0].due_before if to_come else process.content.dates.tenders_due_at
    times = [each.until for each in process.question_times if each.given_at <= at]
    return Moment(status, answers, moved, due_at, times[-1] if times else None)


def tender(publisher: Publisher, process: Process, now: Moment) -> Json:
    """Return the tender as it stood."""
    content = process.content
    return {
        **_subject(process, now.status),
        **_course(content),
        **terms.tender(content),
        **_dates(process, now),
        **said(
            lots=lots.lots(content, now.status),
            items=lots.items(content, process.region_codes),
            lotDetails=said(
                noLotsDivisionRationale=content.no_lots_reason,
                maximumLotsBidPerSupplier=content.terms.most_lots_bid,
                maximumLotsAwardedPerSupplier=content.terms.most_lots_won,
                awardCriteriaDetails=content.terms.rule_words,
            ),
            selectionCriteria=criteria.conditions(content),
            awardCriteriaDetails=content.method,
            documents=[
                documents.notice(process.opened),
                *corrections.notices(process),
                *(
                    documents.file(
                        publisher, process.tender_id, file, corrections.file_since(process, number)
                    )
                    for number, file in enumerate(process.files, 1)
                ),
            ],
            hasEnquiries=bool(now.answers),
            enquiries=[_enquiry(each) for each in now.answers],
            buyTogether=_more(process),
        ),
    }


def plan(process: Process) -> Json:
    """Return what came before the tender: notices, and what the tender says of market engagement."""
    content = process.content
    notices = process.planned.notices if process.planned else ()
    found = planning.planning(notices)
    if content.engagement is Engagement.REASON:
        found |= said(noEngagementNoticeRationale=content.engagement_words)
    if content.engagement is Engagement.NOTICE and not any(each.code == "UK2" for each in notices):
        # It was published without this service: its reference is all that is known of it.
        kind, title = documents.NOTICE_TYPES["UK2"]
        about = said(
            id="UK2",
            documentType=kind,
            noticeType="UK2",
            title=title,
            description=content.engagement_words,
        )
        found["documents"] = [about, *found.get("documents", [])]
    return found


def _subject(process: Process, status: str) -> Json:
    content = process.content
    nets = [lots.net_pence(lot) for lot in content.lots]
    whole = None if None in nets else sum(net for net in nets if net is not None)
    return said(
        id=str(process.tender_id),
        title=content.title,
        description=content.description,
        status=status,
        procuringEntity=parties.reference(content.lead),
        mainProcurementCategory=lots.category(content),
        value=value(whole, content.gross_pence),
        riskDetails=content.risks,
    )


def _course(content: Content) -> Json:
    course = content.course
    below = course.procedure is Procedure.BELOW_THRESHOLD
    framework = course.model is Model.FRAMEWORK
    return said(
        legalBasis=ACT,
        aboveThreshold=not below,
        specialRegime=["lightTouch"] if course.light_touch else None,
        procurementMethod=METHODS[course.procedure],
        procurementMethodDetails=WORDS[course.procedure].capitalize(),
        procedure=said(
            isAccelerated=course.urgent or None,
            acceleratedRationale=course.urgency_reason,
            features=course.stages,
        ),
        techniques=said(
            hasFrameworkAgreement=framework,
            frameworkAgreement=said(periodRationale=course.term_reason) if framework else None,
            **terms.auction(content),
        ),
        submissionMethod=["electronicSubmission"],
        submissionTerms={
            "electronicSubmissionPolicy": "required",
            "languages": list(content.terms.languages),
        },
    )


def _dates(process: Process, now: Moment) -> Json:
    dates = process.content.dates
    opened = instant(process.opened.published_at)
    asked = now.asked_until
    return said(
        tenderPeriod=said(startDate=opened, endDate=instant(now.due_at)),
        enquiryPeriod=said(startDate=opened, endDate=instant(asked)) if asked else None,
        expressionOfInterestDeadline=last_of(dates.requests_due_on),
        secondStage=said(invitationDate=first_of(dates.invite_on)),
        awardPeriod=said(startDate=first_of(dates.award_on)),
    )


def _enquiry(each: Answer) -> Json:
    return said(
        id=str(each.number),
        description=each.words,
        answer=each.answer,
        dateAnswered=instant(each.published_at),
    )


def _more(process: Process) -> Json:
    """Return what neither the standard nor its profiles have a place for, under a name of our own."""
    content, course, dates = process.content, process.content.course, process.content.dates
    framework = course.model is Model.FRAMEWORK
    return said(
        invented=process.invented or None,
        contractModel=course.model.value,
        contractKind=course.kind.value,
        preselected=course.preselected or None,
        negotiated=course.negotiated or None,
        documentsLater=course.documents_later or None,
        severalBids=course.several_bids or None,
        tieBreak=content.tie_break,
        termReason=None if framework else course.term_reason,
        engagement=content.engagement.value if content.engagement else None,
        plannedNoticeDate=first_of(dates.planned_notice_on),
        requirements=[
            said(
                number=each.position,
                text=each.text,
                kind="must" if each.must else "option" if each.option else "nice",
                relatedLot=None if each.lot is None else str(each.lot),
            )
            for each in content.requirements
        ],
        indicators=[
            said(number=each.number, title=each.title, measure=each.measure, target=each.target)
            for each in content.kpis
        ],
        noIndicatorsRationale=content.no_kpis_reason,
        **terms.more(content),
    )
