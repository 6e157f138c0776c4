"""Pages of tenders; `routers` are what the application mounts."""

from tenders.routes import (
    answers,
    approving,
    assessing,
    award_paths,
    awarding,
    awards,
    bid_files,
    bids,
    buyers,
    documents,
    duties,
    editing,
    ending,
    fitting,
    handing_in,
    joining,
    listing,
    making,
    notices,
    opening,
    overview,
    panels,
    partners,
    questions,
    rows,
    saving,
    scoring,
    teams,
    timetable,
)
from tenders.routes.contracts import changes, papers, payments, performing
from tenders.routes.contracts import notices as contract_notices
from tenders.routes.contracts import overview as contracts
from tenders.routes.correcting import deciding as corrections_deciding
from tenders.routes.correcting import drafting as corrections_drafting
from tenders.routes.correcting import showing as corrections
from tenders.routes.early import planned as early_planned
from tenders.routes.early import preparing as early_preparing

routers = (
    listing.router,
    saving.router,
    making.router,
    overview.router,
    editing.router,
    rows.router,
    buyers.router,
    documents.router,
    approving.router,
    notices.router,
    early_preparing.router,
    early_planned.router,
    ending.router,
    timetable.router,
    corrections.router,
    corrections_drafting.router,
    corrections_deciding.router,
    duties.router,
    fitting.router,
    partners.router,
    bids.router,
    bid_files.router,
    teams.router,
    joining.router,
    handing_in.router,
    opening.router,
    questions.router,
    answers.router,
    panels.router,
    scoring.router,
    assessing.router,
    awarding.router,
    award_paths.router,
    contracts.router,
    performing.router,
    changes.router,
    contract_notices.router,
    papers.router,
    payments.router,
    awards.router,
)

__all__ = ["routers"]
