"""Forms of published files: uploading, correcting columns, withdrawing."""

from __future__ import annotations

from typing import Any, Final

from spend import reading
from web.fields import (
    CountField,
    FileField,
    Length,
    LongTextField,
    Optional,
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] -- newer than the stubs
    SelectField,
    needed,
)
from web.forms import Form

FOUND: Final = ""
NONE: Final = "none"
COLUMN: Final = "column_"
# What each field is called on pages; the keys are those that a reading knows.
FIELD_NAMES: Final = {
    "paid_on": "Date paid",
    "amount_net": "Amount without VAT",
    "amount_gross": "Amount with VAT",
    "amount_unknown": "Amount, where the heading does not say whether VAT is in it",
    "vat": "VAT",
    "payee": "Who was paid",
    "payee_ref": "Payee’s number in the council’s ledger",
    "company_number": "Company number",
    "charity_number": "Charity number",
    "vat_number": "VAT number",
    "reference": "Transaction or invoice number",
    "body": "Body that paid",
    "directorate": "Directorate or department",
    "service": "Service",
    "expense": "What for: expense type or account",
    "expense_code": "Account code",
    "procurement_label": "Procurement category",
    "description": "Description",
    "capital_revenue": "Capital or revenue",
}


class Upload(Form):
    """Files to import, and whether one takes another's place."""

    replaces = SelectField(
        "Does it replace a file that was imported before?", [Optional()], default="", choices=[]
    )
    files = FileField("Files")


class Withdraw(Form):
    """Why a file shall no longer count."""

    reason = LongTextField(
        "Reason",
        [
            needed("Enter why the file should no longer count"),
            Length(max=500, message="The reason must be 500 characters or less"),
        ],
    )


class Columns(Form):
    """Which column is what. The choices of each are the columns of the file at hand."""

    header_line = CountField(
        "Line of the headings",
        [Optional()],
        wrong="Enter the number of the line with the headings, or 0 if there is none",
        most=80,
    )
    date_order = SelectField(
        "How dates are written",
        default=FOUND,
        choices=[
            SelectChoice(FOUND, "Found from the dates themselves"),
            SelectChoice("day first", "Day first: 31/03/2026"),
            SelectChoice("month first", "Month first: 03/31/2026"),
        ],
    )

    @property
    def column_fields(self) -> list[Any]:
        """The choices of columns, in the order of the page."""
        return [self[COLUMN + name] for name in FIELD_NAMES]

    def offer(self, columns: list[tuple[str, str]]) -> None:
        """Let a person choose among these columns: (number, heading)."""
        offered = ((FOUND, "Found by itself"), (NONE, "No column"), *columns)
        choices = [SelectChoice(value, label) for value, label in offered]
        for field in self.column_fields:
            field.choices = choices

    def mapping(self, fingerprint: str) -> reading.Mapping:
        """Return what was chosen, for files with this header."""
        chosen: dict[str, int | str | None] = {}
        for name in FIELD_NAMES:
            value = self[COLUMN + name].data
            if value == NONE:
                chosen[name] = None
            elif value:
                chosen[name] = int(value)
        order: Any = self.date_order.data or None
        return reading.Mapping(chosen, order, self.header_line.data, fingerprint)


for _name, _label in FIELD_NAMES.items():
    setattr(Columns, COLUMN + _name, SelectField(_label, default=FOUND, choices=[]))


def typed_columns(mapping: reading.Mapping | None) -> dict[str, Any]:
    """Return what the form shows for a correction that is remembered."""
    if mapping is None:
        return {}
    typed: dict[str, Any] = {"date_order": mapping.date_order or FOUND, "header_line": mapping.header_line}
    for name, column in mapping.columns.items():
        typed[COLUMN + name] = NONE if column is None else str(column)
    return typed
