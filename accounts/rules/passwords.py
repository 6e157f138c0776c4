"""Which passwords are taken, after the advice of the National Cyber Security Centre.

Long enough for three random words, no rules of composition, no expiry, and a list of what is tried first.
Source: NCSC, "Password administration for system owners" and "Three random words".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from values.refusals import Refused

SHORTEST: Final = 12
# Beyond it a password is no safer, and hashing a megabyte would be a way to keep us busy.
LONGEST: Final = 256
LEAST_DIFFERENT: Final = 5

# Words round which easy passwords are built; a password made only of these, digits and marks is refused.
COMMON: Final = frozenset(
    """
    abc abcd abcdef access account admin administrator adobe alpha amazing america angel apple april
    arsenal asdf asdfgh asdfghjkl august autumn baby bailey baseball basket batman beautiful birmingham
    blink bond boss bristol britain british buster butterfly buy buytogether career charlie cheese chelsea
    chicken chocolate christmas computer cookie correct council daniel david december default demo donald
    dragon easter edward england english everton family february flower football forest forever freedom
    friday friend ginger google guest hammer hannah happy harley harry hello holiday house hunter iloveyou
    internet jack january jesus jordan joshua july june killer king lakes leeds letmein liverpool local
    login london looking love lovely maggie manager manchester march marine master matrix may michael
    micro microsoft mobile monday money monkey mother mustang my mypassword nicole ninja november october
    office officer oliver orange pass passphrase passw passwd password people pepper phoenix poker
    princess procurement public purple qaz qazwsx qwer qwert qwerty qwertyuiop rainbow ranger robert root
    saturday secret secure security september server service shadow sheffield spring starwars summer
    sunday sunshine superman supplier support system temp temporary tender test testing the thomas
    thursday tigger together tottenham trust trustno tuesday united user wednesday welcome whatever
    william winter wsx zaq zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 -- a list of 200 quoted words reads worse
)
_LOOKALIKES: Final = str.maketrans("013457@$!|", "oleastasil")
_SEQUENCES: Final = tuple(
    row + row[::-1]
    for row in ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm")
)


def normal(password: str) -> str:
    """Return a password as it is hashed, so that a letter typed on another keyboard is the same letter."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that would be among the first to be tried.

    Args:
        password: as typed.
        about: what others know of the person: e-mail address, name.

    Raises:
        Refused: with the reason; belongs to the field `password`.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise Refused(
            f"Password must have {SHORTEST} characters or more. Three random words are a good one", "password"
        )
    if len(text) > LONGEST:
        raise Refused(f"Password must have {LONGEST} characters or fewer", "password")
    if _easy(text.lower(), {word for words in about for word in _words(words)}):
        raise Refused("Choose a password that is harder to guess, such as three random words", "password")


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) > 2]


def _easy(text: str, own: set[str]) -> bool:
    if len(set(text)) < LEAST_DIFFERENT:
        return True
    bare = re.sub(r"[\W\d_]+", "", text)
    # Digits at the ends are an appendix, those inside stand for letters: "P@ssw0rd123".
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    alike = re.sub(r"[\W_]+", "", core.translate(_LOOKALIKES))
    return _only_runs(re.sub(r"[\W_]+", "", text)) or any(
        _made_of(known, COMMON | own) for known in (bare, alike)
    )


def _only_runs(text: str) -> bool:
    """Tell whether a text is nothing but runs of a keyboard or the alphabet, three letters or more each."""
    at = 0
    while at < len(text):
        length = 3
        while at + length <= len(text) and any(text[at : at + length] in row for row in _SEQUENCES):
            length += 1
        if length == 3:
            return False
        at += length - 1
    return True


def _made_of(text: str, words: frozenset[str] | set[str]) -> bool:
    """Tell whether a text is at most three of the words and nothing else."""
    reachable = {0}
    for _ in range(3):
        reachable |= {at + len(word) for at in reachable for word in words if text.startswith(word, at)}
    return len(text) in reachable
