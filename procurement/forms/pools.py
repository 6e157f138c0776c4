"""Forms of pools: the rules of one, joining it, terms, leaving."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from procurement.actions.pools.joining import WantedTerms
from procurement.queries.pools.pool import MemberRow
from procurement.queries.pools.stakes import Offered
from procurement.queries.pools.terms import OwnTerms
from procurement.rules.pools.joining import VOTE_WORDS, Charter, day_end
from procurement.rules.pools.states import VoteRule
from values.money import format_pence
from values.years import LONDON
from web.fields import (
    BooleanField,
    CountField,
    DayField,
    Length,
    LongTextField,
    Optional,
    PenceField,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectMultipleField,
    TextField,
    needed,
)
from web.forms import Form

_LONG: Final = Length(max=5000, message="This text must be 5,000 characters or less")
_TAKEN: Final = {"uq_pool_stake_need_id": ("need_id", "This need is in another pool already")}
DATES: Final = ("joins_until", "signs_until")


class RulesForm(Form):
    """The rules of a pool."""

    title = TextField(
        "Title",
        [needed("Enter a title"), Length(max=200, message="The title must be 200 characters or less")],
    )
    purpose = LongTextField("Purpose", [needed("Say what the pool is for"), _LONG])
    quorum = CountField(
        "Least number of councils",
        [needed("Enter how many councils the pool needs")],
        wrong="Enter the least number of councils as a whole number, such as 3",
    )
    largest = CountField(
        "Largest number of councils",
        [needed("Enter how many councils the pool takes")],
        wrong="Enter the largest number of councils as a whole number, such as 12",
    )
    cap_pence = PenceField(
        "Largest joint value",
        [needed("Enter the largest joint value")],
        wrong="Enter the value in pounds, such as 2,000,000",
    )
    first_start_on = DayField(
        "Earliest start", [needed("Enter the earliest start")], noun="The earliest start"
    )
    last_start_on = DayField("Latest start", [needed("Enter the latest start")], noun="The latest start")
    joins_until = DayField(
        "Last day to join", [needed("Enter the last day to join")], noun="The last day to join"
    )
    signs_until = DayField(
        "Last day to sign", [needed("Enter the last day to sign")], noun="The last day to sign"
    )

    def charter(self, before: Charter | None = None) -> Charter:
        """Return the rules that were typed."""
        typed: dict[str, Any] = {each.name: self[each.name].data for each in fields(Charter)}
        typed["purpose"] = typed["purpose"].replace("\r\n", "\n")
        typed |= {name: _instant(typed[name], before, name) for name in DATES}
        return Charter(**typed)


class DatesForm(Form):
    """The dates of a pool whose other rules stand."""

    joins_until = DayField(
        "Last day to join", [needed("Enter the last day to join")], noun="The last day to join"
    )
    signs_until = DayField(
        "Last day to sign", [needed("Enter the last day to sign")], noun="The last day to sign"
    )

    def charter(self, before: Charter) -> Charter:
        """Return the rules with the dates that were typed."""
        return dataclasses.replace(
            before, **{name: _instant(self[name].data, before, name) for name in DATES}
        )


def _instant(day: date, before: Charter | None, name: str) -> datetime:
    """Return when a deadline on a day passes; a day that stays as it was keeps its hour."""
    kept: datetime | None = getattr(before, name) if before else None
    if kept is not None and kept.astimezone(LONDON).date() == day:
        return kept
    return day_end(day)


def typed_charter(charter: Charter) -> dict[str, Any]:
    """Return the rules of a pool as the form shows them."""
    shown: dict[str, Any] = {each.name: getattr(charter, each.name) for each in fields(Charter)}
    return {**shown, **{name: shown[name].astimezone(LONDON).date() for name in DATES}}


class StartForm(RulesForm):
    """A new pool: its rules, and what is chosen once and for all."""

    taken = _TAKEN
    own_region = RadioField(
        "Who may join",
        default="no",
        choices=[
            SelectChoice("no", "Councils of all regions"),
            SelectChoice("yes", "Councils of our region"),
        ],
    )
    vote_rule = RadioField(
        "How members vote",
        default=VoteRule.COUNCIL.value,
        choices=[SelectChoice(rule.value, words) for rule, words in VOTE_WORDS.items()],
    )


class JoinForm(Form):
    """Which need a council brings."""

    taken = _TAKEN
    need_id = RadioField("Which need do you bring?", [needed("Choose a need")], choices=[])

    def offer(self, needs: Sequence[Offered]) -> None:
        """Let a person choose among needs that have an estimated value."""
        self.need_id.choices = [
            SelectChoice(str(need.id), f"{need.title}, {format_pence(need.value_pence)}")
            for need in needs
            if need.value_pence is not None
        ]


class StakeForm(Form):
    """What a council brings, corrected."""

    value_pence = PenceField(
        "Estimated value",
        [needed("Enter the estimated value")],
        wrong="Enter the value in pounds, such as 250,000",
    )
    volume = CountField("Volume", [Optional()], wrong="Enter the volume as a whole number, such as 12,000")


class TermsForm(Form):
    """On what terms a council is in."""

    cap_pence = PenceField(
        "The most you would pay", [Optional()], wrong="Enter the most in pounds, such as 250,000"
    )
    least_partners = CountField(
        "The fewest other councils", [Optional()], wrong="Enter a whole number, such as 3"
    )
    partners = SelectMultipleField("Councils that must be in", choices=[])
    least_joint_pence = PenceField(
        "The least joint value", [Optional()], wrong="Enter the value in pounds, such as 1,000,000"
    )
    conditions = LongTextField("Conditions in your own words", [_LONG])
    conditions_met = BooleanField("These conditions are met")

    def offer(self, members: Sequence[MemberRow]) -> None:
        """Let a person choose among the other members."""
        self.partners.choices = [SelectChoice(each.body_code, each.body_name) for each in members]

    def terms(self) -> WantedTerms:
        """Return what was typed."""
        return WantedTerms(
            cap_pence=self.cap_pence.data,
            least_partners=self.least_partners.data or 0,
            partners=frozenset(self.partners.data or ()),
            least_joint_pence=self.least_joint_pence.data or 0,
            conditions=(self.conditions.data or "").replace("\r\n", "\n"),
            conditions_met=self.conditions_met.data,
        )


def typed_terms(own: OwnTerms) -> dict[str, Any]:
    """Return a council's terms as the form shows them."""
    member = own.member
    return {
        "cap_pence": member.cap_pence,
        "least_partners": member.least_partners or None,
        "partners": sorted(member.partners),
        "least_joint_pence": member.least_joint_pence or None,
        "conditions": own.conditions,
        "conditions_met": own.met,
    }


class LeadForm(Form):
    """To which council the lead of a pool is offered."""

    to_code = RadioField("Which council shall lead?", [needed("Choose a council")], choices=[])

    def offer(self, members: Sequence[MemberRow], lead_code: str) -> None:
        """Let a person choose among the members that do not lead."""
        self.to_code.choices = [
            SelectChoice(each.body_code, each.body_name) for each in members if each.body_code != lead_code
        ]


class ReasonForm(Form):
    """Why a council leaves, or a pool is dissolved."""

    reason = LongTextField("Reason", [Length(max=500, message="The reason must be 500 characters or less")])
