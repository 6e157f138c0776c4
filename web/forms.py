"""Forms: what was typed is kept, every error is collected, a refusal of the rules becomes a line.

form = Rename(await request.form())
if form.validate():
    async with form.attempt(db):
        await actions.rename(db, actor, thing_id, name=form.name.data)
        return pages.to(request, "/things", notice="The name was changed")
return Page("things/rename.html", context={"form": form, …}, status_code=422)
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from wtforms import Form as WTForm
from wtforms.fields import Field
from wtforms.meta import DefaultMeta

from values.refusals import Refused


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """A line of the error summary; `target` is the id of the field to go to, or empty."""

    message: str
    target: str


class _Words:
    """The few sentences that WTForms says by itself, as we say them; a form's own messages pass through."""

    _ONE: ClassVar = "Choose one of the answers that are offered"
    _SOME: ClassVar = "Choose only from what is offered"
    _OURS: ClassVar[Mapping[str, str]] = {
        "Not a valid choice.": _ONE,
        "Invalid Choice: could not coerce.": _ONE,
        "Invalid choice(s): one or more data inputs could not be coerced.": _SOME,
    }

    def gettext(self, said: str) -> str:
        return self._OURS.get(said, said)

    def ngettext(self, one: str, many: str, number: int) -> str:
        # The plural sentences are about choices that are not on the list, and about length.
        if "not valid choice" in many:
            return self._SOME
        return one if number == 1 else many


class Form(WTForm):
    """The base of all our forms.

    Attributes:
        taken: which constraint of the database means which message at which field, such as
            `{"uq_account_email": ("email", "Somebody has this address already")}`.
    """

    class Meta(DefaultMeta):
        """Our words instead of translations."""

        def get_translations(self, form: object) -> _Words:  # noqa: ARG002 -- WTForms calls it so
            """Return what says WTForms's own sentences."""
            return _Words()

    taken: ClassVar[Mapping[str, tuple[str | None, str]]] = {}

    @property
    def error_list(self) -> list[ErrorLine]:
        """The error summary: the form's own lines, then the first error of each field in page order."""
        fields: list[Any] = list(self)
        own = [ErrorLine(str(message), "") for message in self.form_errors]
        return own + [ErrorLine(str(field.errors[0]), _target(field)) for field in fields if field.errors]

    def refuse(self, message: str, field: str | None = None) -> None:
        """Add an error to a field, or to the form where it belongs to none or the form does not have it."""
        if field is not None and field in self:
            # WTForms turns a field's errors into a tuple before they are validated.
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors = [*self.form_errors, message]

    @asynccontextmanager
    async def attempt(self, db: AsyncSession) -> AsyncGenerator[None, None]:
        """Carry out a change in a savepoint; where it is refused, undo it and say so in the form.

        Also a unique value that somebody else took becomes a line, by the constraint's name (`taken`):
        looking first and inserting after would be a race. Everything that the body did to the database before
        it is undone.
        """
        try:
            async with db.begin_nested():
                yield
        except Refused as refused:
            self.refuse(refused.message, refused.field)
        except IntegrityError as error:
            known = self.taken.get(constraint_name(error) or "")
            if known is None:
                raise
            self.refuse(known[1], known[0])


def seen_hash(typed: object) -> bytes:
    """Return the hash that a form carried back; what is none equals no text's."""
    try:
        return bytes.fromhex(str(typed or ""))
    except ValueError:
        return b""


def constraint_name(error: IntegrityError) -> str | None:
    """Return the name of the constraint that a change ran against, as the driver reports it."""
    following: BaseException | None = error.orig
    while following is not None:
        if name := getattr(following, "constraint_name", None):
            return str(name)
        following = following.__cause__
    return None


def _target(field: Field) -> str:
    return str(getattr(field, "error_id", field.id))
