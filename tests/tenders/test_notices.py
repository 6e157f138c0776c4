"""Notices: prepared, sent or taken to the platform, confirmed; and tenders that are terminated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tenders.actions import making, notices, parts, terminating
from tenders.actions.sending import NoInterface
from tenders.queries import notices as notice_queries
from tenders.queries import tenders
from tenders.rules.linting.findings import Part
from tenders.rules.notices import Code
from tests.tenders import made
from values.refusals import NotAllowed, Refused


async def test_a_notice_waits_for_approval_and_for_its_confirmation(complete, act):
    with pytest.raises(Refused, match="once every buyer has approved"):
        await act("officer", notices.prepare, complete, Code.TENDER)
    with pytest.raises(Refused, match="when a published tender was terminated"):
        await act("officer", notices.prepare, complete, Code.TERMINATION)


async def test_only_the_confirmation_publishes(approved, act, read):
    with pytest.raises(NotAllowed):
        await act("camden officer", notices.prepare, approved, Code.TENDER)
    notice_id = await act("officer", notices.prepare, approved, Code.TENDER)
    assert (await read(tenders.tender_row, approved)).published_at is None
    now = datetime.now(UTC)
    for more, words in (
        ({"reference": "", "published_at": now}, "Enter the reference"),
        ({"reference": "1", "published_at": now + timedelta(hours=1)}, "in the future"),
        ({"reference": "1", "published_at": now - timedelta(days=2)}, "before it was prepared"),
    ):
        with pytest.raises(Refused, match=words):
            await act("officer", notices.confirm, approved, notice_id, **more)
    await act("officer", notices.confirm, approved, notice_id, reference="012345-2026", published_at=now)
    row = await read(tenders.tender_row, approved)
    assert (row.state, row.published_at) == ("published", now)
    with pytest.raises(Refused, match="confirmed already"):
        await act("officer", notices.confirm, approved, notice_id, reference="1", published_at=now)
    with pytest.raises(Refused, match="cannot be changed here"):
        await act("officer", parts.save, approved, Part.BASICS, {"title": "x"})


async def test_a_notice_of_an_earlier_content_is_discarded(approved, act, read):
    notice_id = await act("officer", notices.prepare, approved, Code.TENDER)
    await act("officer", parts.save, approved, Part.BASICS, {"risks": "Others"})
    assert (await read(notice_queries.notice, approved, notice_id)).state == "discarded"
    with pytest.raises(Refused, match="discarded already"):
        await act(
            "officer", notices.confirm, approved, notice_id, reference="1", published_at=datetime.now(UTC)
        )


async def test_preparing_again_discards_the_first(approved, act, read):
    first = await act("officer", notices.prepare, approved, Code.TENDER)
    second = await act("officer", notices.prepare, approved, Code.TENDER)
    await act("officer", notices.discard, approved, second)
    states = {each.id: each.state for each in await read(notice_queries.notices, approved)}
    assert states == {first: "discarded", second: "discarded"}


@dataclass(frozen=True)
class Said:
    reference: str
    published_at: datetime


class Accepting:
    """A platform that takes every notice."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def publish(self, notice):
        self.taken.append(notice.code)
        return Said("000001-2026", datetime.now(UTC))


async def test_a_notice_is_sent_where_there_is_an_interface(approved, act, read):
    notice_id = await act("officer", notices.prepare, approved, Code.TENDER)
    with pytest.raises(Refused, match="No interface to the central platform is set up here"):
        await act("officer", notices.send, approved, notice_id, NoInterface())
    platform = Accepting()
    await act("officer", notices.send, approved, notice_id, platform)
    assert platform.taken == ["UK4"]
    assert (await read(tenders.tender_row, approved)).state == "published"
    assert (await read(notice_queries.confirmed, approved, Code.TENDER)).reference == "000001-2026"


async def test_a_published_tender_that_is_terminated_owes_a_notice(approved, act, cast, sessions_app, read):
    await made.publish(sessions_app, cast, approved)
    with pytest.raises(Refused, match="Say why"):
        await act("officer", terminating.terminate, approved, reason="")
    with pytest.raises(NotAllowed):
        await act("camden officer", terminating.terminate, approved, reason="x")
    await act("officer", terminating.terminate, approved, reason="Nobody can deliver it")
    notice_id = await act("officer", notices.prepare, approved, Code.TERMINATION)
    notice = await read(notice_queries.notice, approved, notice_id)
    assert ("Reference of the tender notice", "012345-2026") in [
        (each.name, each.value) for each in notice.said
    ]
    await act("officer", notices.confirm, approved, notice_id, reference="2", published_at=datetime.now(UTC))
    assert (await read(tenders.tender_row, approved, who="supplier")).state == "terminated"
    with pytest.raises(Refused, match="published this notice already"):
        await act("officer", notices.prepare, approved, Code.TERMINATION)


async def test_a_draft_that_is_terminated_owes_none_and_makes_room_for_another(complete, act, cast):
    await act("officer", terminating.terminate, complete, reason="Start anew")
    with pytest.raises(Refused, match="when a published tender"):
        await act("officer", notices.prepare, complete, Code.TERMINATION)
    assert await act("officer", making.make_tender, cast.pool) != complete
