"""Tables of bodies and people.

The application role may read none of the secrets here: `credential` not at all, of `session` and `token`
everything but the hash. Whoever signs in goes through the functions of migration 0002; each does one thing.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Table
from values.ids import uuid7

NOW = text("statement_timestamp()")
NO_TEXTS = text("'{}'::text[]")


class BodyKind(enum.StrEnum):
    """What kind of body an organisation is."""

    COUNCIL = "council"
    PLANNED_COUNCIL = "planned_council"
    FORMER_COUNCIL = "former_council"
    COMBINED_AUTHORITY = "combined_authority"
    PURCHASING_BODY = "purchasing_body"
    SECTOR_BODY = "sector_body"
    SUPPLIER = "supplier"


class TokenKind(enum.StrEnum):
    """What a token from an e-mail is good for, once."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 -- a kind of token, not a password


class Organisation(Table):
    """A council or another body; public reference data.

    A body of the bundled register has an id made from its code, so that it is the same in every database.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(
            "kind in ('council','planned_council','former_council','combined_authority','purchasing_body',"
            "'sector_body','supplier')",
            name="kind",
        ),
        CheckConstraint("code = upper(code)", name="code"),
        Index("ix_organisation_former_gss_codes", "former_gss_codes", postgresql_using="gin"),
        Index("ix_organisation_kind_name", "kind", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text, unique=True)
    gss_code: Mapped[str | None] = mapped_column(Text, unique=True)
    former_gss_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=NO_TEXTS)
    type_name: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str | None] = mapped_column(Text)
    region_name: Mapped[str | None] = mapped_column(Text)
    county_code: Mapped[str | None] = mapped_column(Text)
    population: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))


class OrganisationSuccession(Table):
    """One body took over from another on a day."""

    __tablename__ = "organisation_succession"
    __table_args__ = (Index("ix_organisation_succession_successor_id", "successor_id"),)

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    on: Mapped[date]


class Person(Table):
    """Somebody who signs in. The e-mail address is in lower case, so that it is unique in any spelling."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    demonstration: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    second_factor_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class Credential(Table):
    """What proves who a person is. No role may read it; functions check against it."""

    __tablename__ = "credential"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    password_changed_at: Mapped[datetime] = mapped_column(server_default=NOW)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None]
    recovery_hashes: Mapped[list[bytes]] = mapped_column(
        ARRAY(LargeBinary), server_default=text("'{}'::bytea[]")
    )


class Membership(Table):
    """A role that a person has in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role in ('officer','approver','sector_lead','supplier','operator')", name="role"),
        Index("ix_membership_organisation_id", "organisation_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Session(Table):
    """One browser in which a person has signed in. The cookie holds the token, this row its SHA-256."""

    __tablename__ = "session"
    __table_args__ = (Index("ix_session_person_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    seen_at: Mapped[datetime] = mapped_column(server_default=NOW)
    second_factor_at: Mapped[datetime | None]
    agent: Mapped[str] = mapped_column(Text, server_default="")


class Token(Table):
    """A single-use token that was sent by e-mail: an invitation or a password reset."""

    __tablename__ = "token"
    __table_args__ = (
        CheckConstraint("kind in ('invitation','password_reset')", name="kind"),
        CheckConstraint("role in ('officer','approver','sector_lead','supplier','operator')", name="role"),
        CheckConstraint(
            "(kind = 'invitation') = (organisation_id is not null and role is not null)", name="invitation"
        ),
        CheckConstraint("(kind = 'password_reset') = (person_id is not null)", name="password_reset"),
        CheckConstraint("email = lower(email)", name="email"),
        Index("ix_token_organisation_id", "organisation_id"),
        Index("ix_token_person_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str | None] = mapped_column(Text)
    invited_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Registration(Table):
    """A firm that somebody asked to register, until their mail was opened. Read by its token only."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint("length(btrim(firm)) between 2 and 100", name="firm"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email: Mapped[str] = mapped_column(Text)
    firm: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Table):
    """How often something was tried lately, by address or network. Unlogged: a crash forgets it."""

    __tablename__ = "throttle"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 -- SQLAlchemy's own form

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    hits: Mapped[int]
    until: Mapped[datetime]


class Mail(Table):
    """An e-mail to send. Its text goes when it was sent, because it may hold a token."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_unsent", "created_at", postgresql_where=text("sent_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    to_address: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
