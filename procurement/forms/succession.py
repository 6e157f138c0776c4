"""The form that gives a contract or a need to one of several successors."""

from __future__ import annotations

from procurement.queries.succession import Council
from web.fields import SelectField, needed
from web.forms import Form


class SuccessorForm(Form):
    """Which council takes it over."""

    successor = SelectField("Goes to", [needed("Choose which council takes it over")], choices=[])

    def offer(self, successors: list[Council]) -> None:
        """Let a person choose among the councils that take over."""
        self.successor.choices = [("", "Not chosen yet"), *((each.code, each.name) for each in successors)]
