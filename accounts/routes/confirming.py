"""A code of the second factor for one thing that binds: an approval, a signature, an opening.

try:
    await actions.check(db, actor, …)
    await take_code(request, form, doing="tender.approve")
except Refused as refused:
    return await _page(db, actor, form, status=refused_as(form, refused))
"""

from __future__ import annotations

from accounts.actions import second_factor
from accounts.actions.throttling import TooMany
from accounts.routes.session import arriving, entrance_of
from values.refusals import NotAllowed, Refused
from web.forms import Form
from web.pages import AnyRequest


def check_enrolled(request: AnyRequest) -> None:
    """Let pass who has a second factor.

    Raises:
        NotAllowed: the person has none yet.
    """
    if not arriving(request).enrolled:
        raise NotAllowed("This needs a second factor. Set one up on your account page first.")


async def take_code(request: AnyRequest, form: Form, *, doing: str) -> None:
    """Take the code of a form, used up whatever comes of the thing: call it after all that may refuse.

    Args:
        request: of the person whose code it is.
        form: with a field `code`.
        doing: what the audit trail says that the code was for, such as "agreement.sign".

    Raises:
        TooMany: too many codes were wrong.
        Refused: the code is wrong, was used before, or the person has no second factor.
    """
    entrance = entrance_of(request)
    await second_factor.confirm(
        entrance.sessions,
        entrance.sealer,
        arriving(request),
        code=str(form["code"].data or ""),
        doing=doing,
    )


def refused_as(form: Form, refused: Refused) -> int:
    """Say in a form why it was refused; return the status of the answer that shows it again."""
    form.refuse(refused.message, refused.field)
    return 429 if isinstance(refused, TooMany) else 422
