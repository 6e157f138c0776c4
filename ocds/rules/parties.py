"""The councils of a tender: several buyers are how the standard says that a procurement is joint."""

from __future__ import annotations

from collections.abc import Sequence

from ocds.rules import ids
from ocds.rules.saying import Json, said
from tenders.rules.content import Buyer


def parties(buyers: Sequence[Buyer]) -> list[Json]:
    """Return the councils, the lead first, each with its roles and how it is reached."""
    return [_party(buyer) for buyer in buyers]


def reference(buyer: Buyer | None) -> Json | None:
    """Return how another part of a release names a council."""
    return said(id=ids.party(buyer.code), name=buyer.name) if buyer else None


def _party(buyer: Buyer) -> Json:
    return said(
        id=ids.party(buyer.code),
        name=buyer.name,
        # The register of local authorities in England, by which councils are known on GOV.UK.
        identifier=said(scheme="GB-LAE", id=buyer.code, legalName=buyer.name),
        additionalIdentifiers=_others(buyer.identifier),
        address=said(streetAddress=buyer.address, countryName="United Kingdom", country="GB"),
        contactPoint=said(email=buyer.email),
        roles=["buyer", "leadBuyer", "procuringEntity"] if buyer.leads else ["buyer"],
        details=said(
            classifications=[
                said(
                    scheme="UK_CA_TYPE",
                    id="publicAuthoritySubCentralGovernment",
                    description="Public authority - sub-central government",
                )
            ]
        ),
    )


def _others(identifier: str) -> list[Json]:
    if not identifier:
        return []
    return [said(scheme="GB-PPON" if ids.is_ppon(identifier) else None, id=identifier)]
