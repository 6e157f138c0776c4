"""The tender notice as it is published again with a correction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sourcing.rules.law import Law
from tenders.rules import notices
from tenders.rules.content import Content
from tenders.rules.correcting.checking import NOTICE_SOURCE
from tenders.rules.correcting.lines import Told
from tenders.rules.notices import Field


def fields(
    content: Content,
    law: Law,
    published_on: date,
    *,
    areas: str,
    reference: str,
    reason: str,
    told: Sequence[Told],
) -> list[Field]:
    """Return what changed and why, then the whole notice as it is to stand.

    Args:
        content: what the tender says once it is corrected.
        law: the tables.
        published_on: when the notice was first published: its periods are those of that day.
        areas: where the buyers are, in words.
        reference: the first notice's on the platform.
        reason: why it is corrected.
        told: what changes.
    """
    return [
        Field("Reference of the notice that changes", reference, NOTICE_SOURCE),
        Field("What changes", "\n".join(each.words for each in told), NOTICE_SOURCE),
        Field("Why it changes", reason, NOTICE_SOURCE),
        *notices.tender_notice(content, law, published_on, areas=areas),
    ]
