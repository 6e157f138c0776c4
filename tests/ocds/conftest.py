"""A published tender with an answer to all and one that stays private, and what there is besides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ocds.queries import processes as queries
from ocds.rules.releases import releases
from sourcing.actions import questions
from sourcing.rules.questions import Ground
from store.db import transaction
from tenders.actions import notices, terminating
from tenders.rules.notices import Code
from tests.ocds.made import PUBLISHER
from tests.tenders.people import act, approved, beginning, cast, complete, published
from values.actors import PUBLIC

__all__ = ["act", "approved", "beginning", "cast", "complete", "published"]


@pytest.fixture
async def answered(published, act):
    """Two questions, of which one was answered to all; a published tender takes them."""
    for words, ground, basis in (
        ("May we tender with a partner?", None, ""),
        ("Our method is secret-method-x; is it allowed?", Ground.COMMERCIAL, "It tells how a supplier works"),
    ):
        question_id = await act("supplier", questions.ask, published, words=words)
        await act(
            "officer",
            questions.draft_answer,
            published,
            question_id,
            words=words,
            answer=f"Answered: {words}",
            ground=ground,
            basis=basis,
            checked=True,
        )
    await act("officer", questions.publish_answers, published)
    return published


@pytest.fixture
async def terminated(answered, act):
    await act("officer", terminating.terminate, answered, reason="The secret-reason of the councils")
    notice_id = await act("officer", notices.prepare, answered, Code.TERMINATION)
    await act(
        "officer",
        notices.confirm,
        answered,
        notice_id,
        reference="012399-2026",
        published_at=datetime.now(UTC),
    )
    return answered


@pytest.fixture
def published_as(sessions_app):
    """Return the releases of a tender as somebody's session makes them; the public's unless said."""

    async def reading(tender_id, actor=PUBLIC, sessions=sessions_app):
        async with transaction(sessions, actor) as db:
            found = await queries.processes(db, [tender_id])
        return [release for process in found for release in releases(PUBLISHER, process)]

    return reading
