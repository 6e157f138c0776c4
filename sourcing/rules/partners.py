"""Looking for partners: what an advert and an answer may say, and how far each has come."""

from __future__ import annotations

import enum
from datetime import date, datetime, time
from typing import Final

from sourcing.rules.questions import betrayals
from values.refusals import Refused
from values.years import LONDON

MOST_CHARACTERS: Final = 2000


class AnswerState(enum.StrEnum):
    """How far an answer to an advert has come."""

    SENT = "sent"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ANSWER_WORDS: Final = {
    AnswerState.SENT: ("Waiting for an answer", "yellow"),
    AnswerState.AGREED: ("Both agreed", "green"),
    AnswerState.DECLINED: ("Declined", "grey"),
    AnswerState.WITHDRAWN: ("Taken back", "grey"),
}


def until_end_of(day: date) -> datetime:
    """Return the end of a day in London: until then an advert is shown."""
    return datetime.combine(day, time(23, 59), LONDON)


def check_words(words: str, field: str) -> str:
    """Return words as they are kept.

    Raises:
        Refused: there are none, too many, or they say how their writer is reached.
    """
    words = words.strip()
    if not words:
        raise Refused("Enter something here.", field)
    if len(words) > MOST_CHARACTERS:
        raise Refused(f"Write {MOST_CHARACTERS:,} characters or less.", field)
    if found := betrayals(words, ()):
        raise Refused(
            f"Leave out {', '.join(found)}: each of you sees how the other is reached once both agree.", field
        )
    return words


def check_until(until: datetime, now: datetime, latest: datetime | None) -> None:
    """Refuse an advert that is over already, or that is shown when nobody can bid any more.

    Args:
        until: when the advert ends.
        now: by the database's clock.
        latest: until when one can answer the subject itself; None: nobody can.

    Raises:
        Refused: in words for the day.
    """
    if latest is None or now >= latest:
        raise Refused("It is too late to look for partners: nothing can be handed in any more.")
    if until <= now:
        raise Refused("Choose a day that is still to come.", "until")
    if until.date() > latest.astimezone(LONDON).date():
        raise Refused(f"Choose a day up to the deadline, {latest.astimezone(LONDON):%-d %B %Y}.", "until")


def state_words(*, now: datetime, open_until: datetime, withdrawn: bool, taken_down: bool) -> tuple[str, str]:
    """Return how far an advert is, in words and the colour of its tag."""
    if taken_down:
        return "Taken down", "red"
    if withdrawn:
        return "Taken back", "grey"
    return ("Over", "grey") if now >= open_until else ("Open", "green")
