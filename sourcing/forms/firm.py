"""The form in which a firm says its size and kind."""

from __future__ import annotations

from typing import Any, Final

from suppliers.rules import SIZE_WORDS, Declared, Size
from web.fields import (
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
)
from web.forms import Form

_SAID: Final = {"yes": True, "no": False}


def _yes_or_no(label: str) -> Any:
    return RadioField(
        label,
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        validate_choice=False,
        default="",
    )


class FirmForm(Form):
    """The size of a firm, and whether it is of a kind that the law names; a kind may be left unsaid."""

    size = RadioField(
        "How large is your firm?",
        choices=[SelectChoice(size.value, words) for size, words in SIZE_WORDS.items()],
        validate_choice=False,
        default="",
    )
    voluntary = _yes_or_no("Is it a voluntary, community or social enterprise?")
    supported = _yes_or_no("Is it a supported employment provider?")

    @property
    def declared(self) -> Declared:
        """Return what was said."""
        size = Size(self.size.data) if self.size.data in tuple(Size) else None
        return Declared(size, _SAID.get(self.voluntary.data), _SAID.get(self.supported.data))

    @staticmethod
    def shown(declared: Declared) -> dict[str, str]:
        """Return what fields hold where a firm has declared something."""
        said = {True: "yes", False: "no", None: ""}
        return {
            "size": declared.size.value if declared.size else "",
            "voluntary": said[declared.voluntary],
            "supported": said[declared.supported],
        }
