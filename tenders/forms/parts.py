"""Forms of the parts of a tender that are one page each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, ClassVar, Final

from sourcing.forms import CONTRACTS
from sourcing.rules.timetables.asked import WORDS
from tenders.forms.fields import LONG, SHORT, PartForm, few_lines, lines_of
from tenders.forms.terms import TermsForm
from tenders.rules.content import MODEL_NOTES, MODEL_WORDS, PROCEDURES, Engagement
from tenders.rules.linting.findings import Part
from values.years import LONDON
from web.fields import (
    BooleanField,
    DayField,
    LongTextField,
    Optional,
    RadioField,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    TextField,
    needed,
)

HOURS: Final = {"12:00": "Noon", "17:00": "5pm", "23:59": "The end of the day"}
ENGAGEMENT_WORDS: Final = {
    Engagement.NOTICE: "Yes, and a preliminary market engagement notice (UK2) was published",
    Engagement.REASON: "Yes, without a notice",
    Engagement.NONE: "No",
}


class BasicsForm(PartForm):
    """What is bought."""

    hints: ClassVar[Mapping[str, str]] = {
        "description": "In plain words, so that a small firm sees at once whether it is for it",
        "no_lots_reason": "Only where there is one lot. The notice shows it",
        "risks": "Such as a change of law that is coming. The notice shows them; a contract may "
        "later be changed for a "
        "risk only if it was named",
    }
    title = TextField("Title", [needed("Enter a title"), SHORT])
    description = LongTextField("What is bought, and what for", [LONG])
    no_lots_reason = LongTextField("Why is it not divided into lots?", [LONG])
    risks = LongTextField("Known risks", [LONG])


class ProcedureForm(PartForm):
    """How the contracts are awarded, and who signs them."""

    hints: ClassVar[Mapping[str, str]] = {
        "light_touch": "Certain social, health and similar services",
        "stages": "Only for the competitive flexible procedure: stages, negotiation, how many "
        "suppliers go on and how "
        "they are chosen",
        "urgency_reason": "Why the longer period is impractical",
        "engagement_words": "The reference of the notice, or why there was none. A notice that is "
        "prepared here fills in its reference by itself",
        "term_reason": "Only for a framework of more than four years",
        "several_bids": "Alone or with others. Without it each supplier is in one bid for a lot, so "
        "that no bid knows another’s prices",
    }
    choice_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "model": {model.value: words for model, words in MODEL_NOTES.items()}
    }
    procedure = RadioField(
        "Procedure",
        choices=[SelectChoice(each.value, WORDS[each][0].upper() + WORDS[each][1:]) for each in PROCEDURES],
    )
    stages = LongTextField("How the procedure goes", [LONG])
    model = RadioField(
        "Contracts", choices=[SelectChoice(each.value, words) for each, words in MODEL_WORDS.items()]
    )
    term_reason = LongTextField("Why does the framework last longer?", [LONG])
    contract_kind = SelectField(
        "What it is for", choices=[SelectChoice(each.value, words) for each, words in CONTRACTS.items()]
    )
    light_touch = BooleanField("Light touch services")
    engagement = RadioField(
        "Were suppliers engaged beforehand?",
        [Optional()],
        choices=[SelectChoice(each.value, words) for each, words in ENGAGEMENT_WORDS.items()],
        validate_choice=False,
    )
    engagement_words = TextField("Reference of the notice, or reason for none", [LONG])
    documents_later = BooleanField("Not all documents come with the notice")
    several_bids = BooleanField("A supplier may take part in more than one bid for the same lot")
    preselected = BooleanField("Only suppliers that were selected before may tender")
    negotiated = BooleanField("They have agreed the period for tenders")
    urgent = BooleanField("Urgency makes the usual period impractical")
    urgency_reason = LongTextField("Reasons of urgency", [LONG])

    @property
    def values(self) -> dict[str, Any]:
        """Return what was filled in; an answer that was not given is none."""
        said = dict(self.data)
        # A notice that was confirmed here has answered it, and then it is not asked.
        if "engagement" in said:
            said["engagement"] = said["engagement"] if said["engagement"] in tuple(Engagement) else None
        return said


class ConsideredForm(PartForm):
    """What the buyers considered and keep on record."""

    hints: ClassVar[Mapping[str, str]] = {
        "small_firms": "Such as turnover that is asked for, size of lots, length of documents, time "
        "to answer. What "
        "can be removed, and what not",
        "policy": "Its priorities: growth and a fair chance for small firms and voluntary bodies; "
        "social and economic "
        "value; commercial capability",
        "conflicts": "Whose interests could influence a decision, also only in the eyes of others, "
        "and what is done "
        "about it. Kept by the buyers; the notice only confirms that the assessment was prepared",
        "necessity": "Why a brand, an origin or a licensing model is named although performance would do",
    }
    small_firms = LongTextField("Barriers for small and medium-sized firms", [LONG])
    policy = LongTextField("Regard to the National Procurement Policy Statement", [LONG])
    conflicts_on = DayField(
        "When was the conflicts assessment prepared, or last revised?",
        noun="The day of the conflicts assessment",
    )
    conflicts = LongTextField("Conflicts assessment", [LONG])
    necessity = LongTextField("Necessary names", [LONG])


class DatesForm(PartForm):
    """Days of the tender and of the contracts."""

    hints: ClassVar[Mapping[str, str]] = {
        "planned_notice_on": "UK3, if one was published without this service: it can shorten the period for "
        "tenders. One that is prepared here fills in its day by itself",
        "requests_due_on": "Only for the competitive flexible procedure",
        "invite_on": "Only for the competitive flexible procedure",
        "award_on": "The notice shows the estimate",
        "extended_until": "If all options to extend are used",
    }
    publish_on = DayField("Day of the tender notice", noun="The day of the tender notice")
    planned_notice_on = DayField(
        "Day of a planned procurement notice", noun="The day of the planned procurement notice"
    )
    requests_due_on = DayField(
        "Last day for requests to participate", noun="The last day for requests to participate"
    )
    invite_on = DayField("Day of the invitation to tender", noun="The day of the invitation to tender")
    due_on = DayField("Last day for tenders", noun="The last day for tenders")
    due_hour = SelectField(
        "Hour by which tenders are due, London time",
        choices=[SelectChoice(value, words) for value, words in HOURS.items()],
        default="12:00",
    )
    award_on = DayField("Estimated day of the award", noun="The estimated day of the award")
    starts_on = DayField("First day of the contract", noun="The first day of the contract")
    ends_on = DayField("Last day of the contract, without extensions", noun="The last day of the contract")
    extended_until = DayField("Last day with extensions", noun="The last day with extensions")

    @classmethod
    def shown(cls, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return stored values as the form shows them."""
        due = stored["tenders_due_at"]
        local = due.astimezone(LONDON) if due else None
        hour = f"{local:%H:%M}" if local else "12:00"
        return {**stored, "due_on": local.date() if local else None, "due_hour": hour}

    @property
    def values(self) -> dict[str, Any]:
        """Return the days, and the moment by which tenders are due."""
        said = dict(self.data)
        day, hour = said.pop("due_on"), said.pop("due_hour")
        at = datetime.combine(day, time.fromisoformat(hour), LONDON) if day else None
        return {**said, "tenders_due_at": at}


class RequirementsForm(PartForm):
    """What is required in all lots, a line each."""

    hints: ClassVar[Mapping[str, str]] = {
        "must": "One requirement a line. What a single lot requires stands with the lot",
        "nice": "One a line",
        "option": "What councils may order besides, one a line",
    }
    must = LongTextField("Must have", [LONG, few_lines])
    nice = LongTextField("Nice to have", [LONG, few_lines])
    option = LongTextField("Options", [LONG, few_lines])

    @property
    def requirements(self) -> dict[str, list[str]]:
        """Return the lines by kind."""
        return {kind: lines_of(self[kind].data) for kind in ("must", "nice", "option")}


FORMS: Final[Mapping[Part, type[PartForm]]] = {
    Part.BASICS: BasicsForm,
    Part.PROCEDURE: ProcedureForm,
    Part.CONSIDERED: ConsideredForm,
    Part.DATES: DatesForm,
    Part.TERMS: TermsForm,
    Part.REQUIREMENTS: RequirementsForm,
}
