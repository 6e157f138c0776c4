"""The forms in which a firm says its size and kind, and its numbers in registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from suppliers.rules import SIZE_WORDS, Declared, Registered, Size
from web.fields import (
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    TextField,
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
    mutual = _yes_or_no("Is it a public service mutual?")

    @property
    def declared(self) -> Declared:
        """Return what was said."""
        size = Size(self.size.data) if self.size.data in tuple(Size) else None
        kinds = (_SAID.get(each.data) for each in (self.voluntary, self.supported, self.mutual))
        return Declared(size, *kinds)

    @staticmethod
    def shown(declared: Declared) -> dict[str, str]:
        """Return what fields hold where a firm has declared something."""
        said = {True: "yes", False: "no", None: ""}
        return {
            "size": declared.size.value if declared.size else "",
            "voluntary": said[declared.voluntary],
            "supported": said[declared.supported],
            "mutual": said[declared.mutual],
        }


_TAKEN: Final = (
    "Another firm that is registered here has said this number. Look whether yours is typed right; if it is, "
    "ask those who run this service"
)


class NumbersForm(Form):
    """Numbers under which registers know a firm, or why there is none."""

    taken: ClassVar[Mapping[str, tuple[str | None, str]]] = {
        f"uq_firm_registration_{name}": (name, _TAKEN)
        for name in ("company_number", "charity_number", "ppon")
    }
    company_number = TextField("Company number")
    charity_number = TextField("Charity number")
    ppon = TextField("Number on the central platform")
    none_because = TextField("Why your firm has no number")

    @property
    def typed(self) -> Registered:
        """Return what was typed."""
        fields = (self.company_number, self.charity_number, self.ppon, self.none_because)
        return Registered(*(each.data or "" for each in fields))
