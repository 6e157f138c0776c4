"""What tests of the pages of published payments share."""

from __future__ import annotations

from typing import Any

from tests import build
from tests.conformance import check_page
from tests.spend.published import LEEDS, PRIVATE, World, ordinary, row
from values.actors import Role

BRADFORD = "BRD"
SURNAME = PRIVATE.split()[1]


async def signed_in(client: Any, db: Any, *roles: Role, code: str = LEEDS) -> build.Built:
    """Somebody of a body, with the second factor where their role needs one."""
    needs = bool({Role.OPERATOR, Role.APPROVER} & set(roles))
    person = await build.person(
        db, *roles, organisation_id=build.council(code), name="Olive Officer", second_factor=needs
    )
    await db.commit()
    await client.sign_in(person)
    return person


async def send(client: Any, path: str, *files: tuple[str, bytes], **fields: str) -> Any:
    """Send a form with files, as a browser would."""
    parts = [("files", (name, content, "text/csv")) for name, content in files]
    client.answer = await client.client.post(path, data=fields, files=parts or [("files", ("", b""))])
    if client.answer.headers.get("content-type", "").startswith("text/html"):
        check_page(client.text)
    return client.answer


async def private_world(world: World) -> None:
    """Files in which a private person's name stands in every way that names can stand."""
    await world.publish(
        "April 2025.csv",
        [
            *ordinary(4),
            row(5, payee=f"Mr {PRIVATE}"),
            row(6, payee=f"Mr {PRIVATE}", expense="Direct payments"),
            row(7, payee=f"Mrs {PRIVATE}", expense="Foster carer allowances"),
        ],
    )
