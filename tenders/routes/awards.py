"""Awards of joint tenders for everybody: a list to search and download, and a page for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.routes.session import Db
from spend.rules.categories import taxonomy
from suppliers.rules import NOTHING_DECLARED, NOTHING_REGISTERED
from tenders.forms.awards import AwardsForm
from tenders.queries import awarded as queries
from tenders.queries import content as content_queries
from tenders.queries import notices
from tenders.queries.awarded import SORTS, AwardRow
from tenders.rules.award_facts import in_words
from tenders.rules.awarded import AwardFilter
from tenders.rules.notices import NoticeState
from web.exports import Cell, csv_bytes, csv_file
from web.pages import AnyRequest, Page
from web.paging import Column, Listing

COLUMNS: Final = (
    Column("Bought", sort="title"),
    Column("Supplier", sort="supplier"),
    Column("Led by", sort="lead"),
    Column("Councils", numeric=True),
    Column("Value without VAT", numeric=True, sort="value"),
    Column("Award notice", sort="awarded"),
)
SIGNED: Final = (
    Column("Council"),
    Column("Contract"),
    Column("Signed"),
    Column("Ends"),
    Column("Value with VAT", numeric=True),
)
HEADINGS: Final = (
    "tender_id",
    "lot",
    "title",
    "lot_title",
    "category",
    "lead_code",
    "lead_name",
    "buyers",
    "supplier",
    "value_ex_vat_pence",
    "notice_published_at",
    "standstill_ends_on",
    "tenders_received",
    "tenders_assessed",
    "tenders_assessed_small",
    "tenders_assessed_size_undeclared",
    "supplier_size",
    "supplier_voluntary",
    "supplier_supported",
    "supplier_mutual",
    "supplier_identifiers",
    "state",
    "invented",
)
USUAL: Final = "-awarded"
MOST_EXPORTED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its reader asked for it."""

    form: AwardsForm
    wanted: AwardFilter
    listing: Listing


async def _asked(request: AnyRequest, db: AsyncSession) -> Asked:
    form = AwardsForm(request.query_params)
    form.offer("category", "All", [(each.code, each.name) for each in taxonomy().categories])
    form.offer("buyer", "All", await queries.buyers_offered(db))
    form.validate()
    return Asked(form, form.wanted(), Listing.of(request, sorts=SORTS, default=USUAL))


@get("/awards", name="tenders.awards")
async def awards(request: AnyRequest, db: Db) -> Page:
    """List what was awarded: search, filter, sort."""
    asked = await _asked(request, db)
    listing = asked.listing
    total, found = await queries.listed(
        db,
        asked.wanted,
        sort=listing.sort,
        descending=listing.descending,
        offset=listing.offset,
        limit=listing.per_page,
    )
    return Page(
        "tenders/awards.html",
        context={
            "form": asked.form,
            "awards": found,
            "total": total,
            "wanted": asked.wanted,
            "listing": listing,
            "columns": COLUMNS,
        },
        fragment="results",
        status_code=422 if asked.form.error_list else 200,
    )


@get("/awards.csv", name="tenders.awards_csv")
async def awards_csv(request: AnyRequest, db: Db) -> Response[bytes]:
    """Hand out the list as CSV, filtered as the page was."""
    asked = await _asked(request, db)
    listing = asked.listing
    _, found = await queries.listed(
        db, asked.wanted, sort=listing.sort, descending=listing.descending, limit=MOST_EXPORTED
    )
    return csv_file("awards.csv", csv_bytes(HEADINGS, map(_line, found)))


def _line(row: AwardRow) -> tuple[Cell, ...]:
    facts = row.facts
    counted = facts.counted
    lead = row.suppliers[0].declared if row.suppliers else NOTHING_DECLARED
    registered = row.suppliers[0].registered if row.suppliers else NOTHING_REGISTERED
    return (
        row.tender_id,
        row.number,
        row.title,
        row.lot_title,
        row.category,
        row.lead_code,
        row.lead_name,
        row.buyers,
        row.supplier,
        row.net_pence,
        row.published_at,
        row.standstill_to,
        facts.received,
        facts.assessed,
        counted.small if counted else None,
        counted.small_unsaid if counted else None,
        lead.size,
        lead.voluntary,
        lead.supported,
        lead.mutual,
        " ".join(f"{scheme}-{number}" for scheme, number in registered.identifiers),
        row.state,
        row.demonstration,
    )


@get("/awards/{tender_id:uuid}/{number:int}", name="tenders.awarded_lot")
async def award(db: Db, tender_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Show what was awarded to whom, by whom, at which value, and what was published of it."""
    row = await queries.award(db, tender_id, number)
    counted = row.facts.counted
    content = await content_queries.content(db, tender_id)
    published = [each for each in await notices.notices(db, tender_id) if each.state == NoticeState.CONFIRMED]
    return Page(
        "tenders/awarded_lot.html",
        context={
            "award": row,
            "facts": row.facts,
            "small": in_words(counted.small, counted.small_unsaid) if counted else "",
            "content": content,
            "lot": content.lots[number - 1],
            "published": published,
            "signed": await queries.signed(db, tender_id, number),
            "signed_columns": SIGNED,
        },
    )


router = Router("/", route_handlers=[awards, awards_csv, award], include_in_schema=False)
