"""Our filters, for Django's templates: so that formatting costs all the same."""

from django import template

from values.money import format_pence
from web import filters

register = template.Library()
register.filter("pence", format_pence)
register.filter("whole", filters.count)
register.filter("day", filters.day)
register.filter("counted", filters.plural)
register.filter("reason_in_words", lambda reason: _reasons()[reason])


def _reasons():
    from spend.reading import REASONS  # noqa: PLC0415

    return REASONS
