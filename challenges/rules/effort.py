"""How long reading, filling in and writing take, at speeds that are stated.

Sources:
    Brysbaert (2019), "How many words do we read per minute?", Journal of Memory and Language 109: 238 words
    a minute for silent reading of non-fiction. Karat, Halverson, Horn and Karat (1999), "Patterns of entry
    and correction in large vocabulary continuous speech recognition systems", CHI 99: 19 words a minute for
    composing at a keyboard. Both are cited from memory and were not read again here. Seconds for a field are
    our own estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

READS_WORDS_A_MINUTE: Final = 238
WRITES_WORDS_A_MINUTE: Final = 19
SECONDS_A_FIELD: Final = 15
# What a firm without a record is promised, from its first page to its receipt.
PROMISED_MINUTES: Final = 30
# To write a response; the rest of the half hour goes to reading, registering and short fields.
ADVISED_MINUTES: Final = 20


@dataclass(frozen=True, slots=True)
class Effort:
    """What somebody has to read, fill in and write.

    Attributes:
        fields: short ones, such as a name, a sum or a choice.
        written: words to compose.
    """

    read: int
    fields: int
    written: int

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes, rounded up."""
        reading = self.read / READS_WORDS_A_MINUTE
        filling = self.fields * SECONDS_A_FIELD / 60
        writing = self.written / WRITES_WORDS_A_MINUTE
        return math.ceil(reading + filling + writing)


def minutes_to_answer(words: int) -> int:
    """Return how long it takes to compose so many words, in whole minutes, rounded up."""
    return Effort(0, 0, words).minutes


@dataclass(frozen=True, slots=True)
class Chance:
    """How many responses earlier challenges had, and how many were chosen; None: nobody has said yet."""

    challenges: int
    entries: int
    selected: int | None

    @property
    def words(self) -> str:
        """What can be said of the chance; nothing is made up where nothing is known."""
        if not self.challenges or not self.entries:
            return "not known yet, because no earlier challenge has had responses here"
        some = f"{self.entries} response{'' if self.entries == 1 else 's'}"
        earlier = f"{self.challenges} earlier challenge{'' if self.challenges == 1 else 's'}"
        if self.selected is None:
            return f"not known yet, because nobody has been chosen so far of {some} to {earlier}"
        share = round(100 * self.selected / self.entries)
        return f"of {some} to {earlier}, {self.selected} were chosen for a pilot ({share}%)"
