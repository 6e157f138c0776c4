"""A complete tender as values, to be spoiled in one place by each test of the linter."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from analytics.assessment.prices import Formula, Tiers
from sourcing.rules.thresholds import ContractKind
from sourcing.rules.timetables.asked import Procedure
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
    Lot,
    Model,
    Price,
    Requirement,
)
from tenders.rules.terms import Terms
from values.years import LONDON

TODAY = date(2026, 9, 1)

LOT = Lot(
    number=1,
    title="Library system",
    description="For all councils",
    cpv="48000000",
    net_pence=100_000_000,
    options_pence=50_000_000,
    options="Two more years",
    gross_pence=180_000_000,
    unit="loan",
    low_units=1000,
    expected_units=2000,
    full_units=3000,
    low_weight=1,
    expected_weight=1,
    full_weight=1,
    tier_starts=(0, 1000),
    counting=Tiers.UNITS_IN_TIER,
    small_firms=True,
)
CRITERION = Criterion(
    number=1,
    kind=CriterionKind.AWARD,
    parent=None,
    title="Ease of use",
    description="How fast staff do five tasks",
    weight=Decimal(60),
    highest=5,
    least=None,
    passes_or_fails=False,
    standard="5 is best",
    reason="",
)
CONDITION = Criterion(
    number=2,
    kind=CriterionKind.CONDITION,
    parent=None,
    title="Safety",
    description="Cyber Essentials or an equivalent",
    weight=None,
    highest=None,
    least=None,
    passes_or_fails=True,
    standard="A certificate",
    reason="The system holds names",
)
COURSE = Course(
    procedure=Procedure.OPEN,
    model=Model.PARALLEL,
    kind=ContractKind.GOODS_OR_SERVICES,
    light_touch=False,
    preselected=False,
    negotiated=False,
    urgent=False,
    urgency_reason="",
    documents_later=False,
    stages="",
    term_reason="",
)
# The notice on Monday 7 September 2026 with 25 days: the earliest day for tenders is Friday 2 October.
DATES = Dates(
    publish_on=date(2026, 9, 7),
    planned_notice_on=None,
    requests_due_on=None,
    invite_on=None,
    tenders_due_at=datetime(2026, 10, 2, 12, tzinfo=LONDON),
    award_on=date(2026, 11, 30),
    starts_on=date(2027, 1, 4),
    ends_on=date(2031, 1, 3),
    extended_until=None,
)
WHOLE = Content(
    title="Library systems together",
    description="One library system",
    category="library-systems",
    category_name="Library systems",
    course=COURSE,
    dates=DATES,
    buyers=(
        Buyer("LDS", "Leeds City Council", True, "Civic Hall", "buy@leeds.example.org", "PXXX-0000-XLDS"),
        Buyer(
            "CMD", "London Borough of Camden", False, "Town Hall", "buy@camden.example.org", "PXXX-0000-XCMD"
        ),
    ),
    lots=(LOT,),
    no_lots_reason="Its parts work on the same records",
    requirements=(Requirement(1, "Works offline", must=True, option=False, lot=None),),
    criteria=(CRITERION, CONDITION),
    price=Price(Decimal(40), Formula.LOWEST_OVER_PRICE, None),
    method="Marks are agreed on",
    kpis=(),
    no_kpis_reason="",
    engagement=Engagement.NONE,
    engagement_words="",
    risks="Councils may be merged",
    considered=Considered("None found", "Considered", date(2026, 8, 1), "Nobody has an interest", ""),
    documents=(Attachment("Draft contract", "contract.pdf", 1, "ab", 10),),
    tie_break="quality",
    terms=Terms(treaties=("gpa", "cptpp")),
)
