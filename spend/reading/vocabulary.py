"""What English councils call their columns: names and how sure each makes us of a field."""

# ruff: noqa: E501 - a pattern is read as one line, and one line a pattern keeps the list searchable

from __future__ import annotations

import re
from functools import lru_cache

FIELDS = (
    "paid_on",
    "amount_net",
    "amount_gross",
    "amount_unknown",
    "vat",
    "payee",
    "payee_ref",
    "company_number",
    "charity_number",
    "vat_number",
    "reference",
    "body",
    "directorate",
    "service",
    "expense",
    "expense_code",
    "procurement_label",
    "description",
    "capital_revenue",
)

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SYMBOLS = re.compile(r"[^a-z0-9]+")
_WHO = r"(supplier|vendor|payee|beneficiary|creditor|merchant|provider|contractor|trader|payable to|recipient|claimant|customer)"
_NUMBER = r"(id|ids|no|nos|num|number|code|ref|reference|refs|key|urn)"
_VAT_OUT = r"(net|ex|exc|excl|excluding|excludes|exclusive|without|less|minus|before|not including|non)"
_VAT_IN = r"(inc|incl|including|includes|inclusive|gross|with|plus)"
_SUM = r"(amount|amounts|amt|value|total|sum|payment|spend|cost|price|paid|figure)"

# (field, pattern over the whole plain name, how sure it makes us: 0 to 100). The surest pattern of a field counts.
_PATTERNS: tuple[tuple[str, str, int], ...] = (
    (
        "paid_on",
        r"(payment|paid|pay|date paid|paid date|date of payment|payment made)( run)?( dates?)( \w+)?",
        100,
    ),
    ("paid_on", r"date( \w+)? (paid|payment|pay|of payment|payment made|cheque presented)( \w+)?", 100),
    ("paid_on", r"(invoice )?payment dates?.*|paid (on|dates?)|(invoice )?paid date|(date )?paid on", 98),
    (
        "paid_on",
        r"(clearing|cleared|cleared?ance|cheque|bacs|bank|settlement|remittance|eff|effective payment|run) dates?( \w+)?",
        94,
    ),
    ("paid_on", r"date (cleared|of clearing|of cheque|of bacs|of remittance)", 94),
    (
        "paid_on",
        r"dates?|date of (transaction|expenditure|spend|expense|purchase)|spend date|expenditure date|purchase date",
        86,
    ),
    (
        "paid_on",
        r"(trans|transaction|txn|tran)( effective| post| posting)? dates?( \w+)?|date of trans(action)?( \w+)?",
        84,
    ),
    (
        "paid_on",
        r"(posting|posted|post|gl|ledger|accounting|journal|effective|processed|process|value|entry) dates?( \w+)?",
        78,
    ),
    (
        "paid_on",
        r"date (posted|processed|entered|incurred|expenditure incurred|expenditure was incurred)",
        78,
    ),
    (
        "paid_on",
        r"(document|doc|tax|invoice|inv|bill) dates?( \w+)?|date of invoice|invoice (tax )?date|date invoice( \w+)?",
        60,
    ),
    ("paid_on", r"updated|last updated|update|upd date|date updated", 50),
    ("paid_on", r"(due|order|received|receipt|period end|month end) dates?|period|month|.*\bdates?\b.*", 30),
    ("amount_net", rf"(net|nett)( {_SUM})*( gbp| of vat| \w+ vat)?( {_SUM}| gbp)*", 100),
    ("amount_net", rf"(\w+ ){{0,4}}{_SUM}( \w+){{0,2}}? (net|{_VAT_OUT}( \w+)? (vat|tax))( \w+){{0,2}}", 100),
    ("amount_net", rf"(\w+ ){{0,3}}(net|nett)( \w+)? {_SUM}( \w+){{0,4}}", 98),
    ("amount_net", rf"(\w+ ){{0,5}}{_VAT_OUT}( of| recoverable)? vat( \w+){{0,3}}", 96),
    ("amount_net", rf"vat {_VAT_OUT}( {_SUM})?( gbp)?", 96),
    ("amount_gross", rf"vat {_VAT_IN}( {_SUM})?( gbp)?", 96),
    ("amount_gross", rf"gross( {_SUM})*( gbp| \w+ vat)?( {_SUM}| gbp)*|(\w+ ){{0,3}}gross( \w+){{0,3}}", 100),
    ("amount_gross", rf"(\w+ ){{0,5}}{_VAT_IN}( of| recoverable| irrecoverable)? vat( \w+){{0,3}}", 100),
    (
        "amount_unknown",
        r"amounts?( gbp)?|amt( gbp)?|sum of (amount|value|total)( \w+)?|amount (paid|of payment|in gbp|in sterling|spent)( \w+)?",
        90,
    ),
    (
        "amount_unknown",
        rf"(payment|paid|pay|payments) {_SUM}( gbp)?|(line|dist|distribution|posting|gl|ledger) (line )?{_SUM}( gbp)?",
        90,
    ),
    (
        "amount_unknown",
        rf"(trans|transaction|txn|tran|expenditure|spend|purchase|document|doc|billing|local|base|home|functional)( line| currency)? {_SUM}( gbp)?",
        86,
    ),
    (
        "amount_unknown",
        r"value( gbp)?|spend( gbp)?|cost( gbp)?|price( gbp)?|gbp|sterling|sum|expenditure( gbp)",
        80,
    ),
    (
        "amount_unknown",
        rf"(invoice|inv|item|actual|supplier|payee|cheque|bacs)( line)? {_SUM}( gbp)?|(value|cost|total|sum) (paid|of \w+)( \w+)?",
        78,
    ),
    (
        "amount_unknown",
        r"total( gbp)?|grand total|total (paid|cost|spend|amount|value|payment)( gbp)?|(sub|line|invoice) ?total( gbp)?",
        74,
    ),
    (
        "amount_unknown",
        rf"(\w+ ){{0,3}}{_SUM}( gbp| in gbp| paid| spent)?|payments?|charge|charges?|debit|dr",
        50,
    ),
    (
        "vat",
        r"vat( amount| value| total| gbp| paid| charged| element)?( gbp)?|(recoverable|reclaimable|input) vat( amount)?|tax( amount| value)",
        95,
    ),
    ("vat", r"(irrecoverable|irreclaimable|non recoverable|unrecoverable) vat( amount| gbp)?", 80),
    (
        "payee",
        rf"{_WHO}( \w+)? names?( \w+)?|names? of {_WHO}( \w+)?|{_WHO} (trading|registered|full|company|business) name",
        100,
    ),
    (
        "payee",
        rf"{_WHO}s?|{_WHO} {_WHO}( name)?|{_WHO} (or )?employee( name)?|paid to|payment to|payable to|payee to",
        95,
    ),
    ("payee", rf"{_WHO} (description|desc|text|title|details|t)|{_WHO} {_WHO} \w+", 84),
    (
        "payee",
        r"(company|organisation|organization|trading|business|account|third party|party|ap|cardholder merchant) name",
        72,
    ),
    (
        "payee",
        r"name|names|company|who|who we paid|organisation paid|paid|trading as|business|name of (company|organisation|recipient)",
        68,
    ),
    (
        "payee_ref",
        rf"{_WHO}( name)? {_NUMBER}( \w+)?|({_WHO} )?account (no|number)|{_WHO} (account|site|short name)( {_NUMBER})?",
        95,
    ),
    ("payee_ref", rf"{_WHO}s?", 20),
    (
        "company_number",
        rf"(\w+ ){{0,2}}(registered )?(company|companies house|co|crn)( reg(istration|istered)?)?( {_NUMBER})+",
        96,
    ),
    ("company_number", rf"({_WHO} )?(name )?registered company( name)? {_NUMBER}|crn", 98),
    (
        "charity_number",
        rf"(\w+ ){{0,2}}(registered )?charity( commission)?( reg(istration|istered)?)?( {_NUMBER})*",
        96,
    ),
    ("vat_number", rf"(\w+ )?vat( reg(istration|istered)?)( {_NUMBER})*|(\w+ )?vat (number|no|reg|id)", 97),
    (
        "reference",
        rf"(internal|our|hbc|council|unique)? ?(trans|transaction|txn|tran|payment|doc|document|voucher|bacs|cheque|remittance|pay) {_NUMBER}s?",
        96,
    ),
    (
        "reference",
        rf"(internal|our|unique|council|council s|hbc|\w{{2,4}}|line|journal|jnl|posting|ledger|order|po|batch|tp|ap|creditors?)( {_NUMBER}){{1,2}}",
        72,
    ),
    (
        "reference",
        rf"(invoice|inv|supplier invoice|purchase invoice) {_NUMBER}|transaction|reference|ref|refs|trans|document|number|urn|id",
        78,
    ),
    (
        "body",
        r"(body|organisation|organistion|organization|council|authority|local authority|publisher|client|entity|company|legal entity)( names?| label)",
        90,
    ),
    (
        "body",
        r"body|organisation|organization|council|authority|local authority|client|entity|publishing organisation",
        55,
    ),
    (
        "directorate",
        r"(directorate|directotate|department|dept|division|portfolio|group|directorates|departments)( \w+)?( names?| descriptions?| area| label| t)?",
        88,
    ),
    (
        "directorate",
        r"(service )?(directorate|department|division|group)( name| description| area| label)?|strgrpcc t|nstrg t|organisational unit",
        80,
    ),
    (
        "service",
        r"service( area| areas| label| name| description| desc| division| division label| unit| group| team| cost centre)?( t)?|services",
        90,
    ),
    (
        "service",
        r"(cost|budget|responsibility|profit) (centre|center)( names?| descriptions?| desc| label| text| t)?|section|team|business unit( \w+)?|unit|(expense|budget|service) area",
        74,
    ),
    (
        "service",
        r"(department|organisational|business) (area|unit)|cc (name|desc|description)|organisational unit|school|location",
        70,
    ),
    ("expense", r"detailed (expense|expenditure|spend)( type| category| description)?", 94),
    (
        "expense",
        r"(expense|expenses|expenditure|exp|spend)s? (type|types|category|catergory|categories|description|desc|detail|group|label|area description)( \w+)?",
        92,
    ),
    (
        "expense",
        r"(detailed )?expenditure (type|category|account code description)|(account|gl|nominal|subjective|ledger|object|detail)( code| account)? (name|description|desc|detail|text|label|title)( t)?",
        86,
    ),
    (
        "expense",
        r"(account|category|subjective|expenditure|expense|detail|nominal|cost element|cipfsubs|cipfsub)( t| type| detail| group| level \d)?|group description|type of (expenditure|spend|goods)",
        66,
    ),
    (
        "expense_code",
        rf"(detailed )?(expense|expenditure|account|subjective|nominal|gl|ledger|object|cost|natural|detail|analysis)( account| element| centre| type| category)? {_NUMBER}",
        90,
    ),
    (
        "expense_code",
        rf"(expenditure|expense|account|gl|cost) (code|element)|gl|(service|cost centre|department|dept) {_NUMBER}|cost element|(cost|budget) centre",
        70,
    ),
    (
        "procurement_label",
        r"pro ?class( \w+)*|procurement( \w+)* (category|classification|class|name|label)( \w+)*|(merchant|mcc) category( name| description| group)?|thomson( \w+)*",
        92,
    ),
    (
        "procurement_label",
        r"merchant (category|type|class)( \w+)*|mcc( \w+)*|cpv( \w+)*|unspsc( \w+)*|(supplier|vendor|commodity|purchase|spend) (category|class|classification|type|group)( \w+)*",
        84,
    ),
    (
        "description",
        r"(description|desc|narrative|narration|purpose|details?|text|summary|comments?|particulars|notes?|memo|reason|explanation)s?( \d)?",
        90,
    ),
    (
        "description",
        r"(purpose|summary|description|details?|nature) of (\w+ )*(spend|expenditure|payment|purchase|transaction|goods|the \w+)( \w+)*",
        96,
    ),
    (
        "description",
        r"((extended|line|invoice|transaction|trans|payment|item|goods|product|purchase|service|order|posting|journal|additional|business) )+(description|desc|narrative|text|details?|purpose|reason)s?( \w+)?",
        88,
    ),
    ("description", r"definition|goods|what was bought|item|product", 50),
    # Where the service has a column of its own, the cost centre's name says more than nothing of what was bought.
    (
        "description",
        r"(cost|budget) (centre|center) (names?|descriptions?|desc)|cc (name|desc|description)",
        46,
    ),
    ("procurement_label", r"cipfsubj( t)?|bal sheet level 1", 46),
    (
        "capital_revenue",
        r"cap(ital)?( or| and)? ?(rev(enue)?|r)( \w+)*|caporrev|rev(enue)?( or)? cap(ital)?|(capital|revenue) (indicator|flag|type)|c or r|cap rev",
        98,
    ),
    ("capital_revenue", r"type|(expenditure|spend|expense) type|type of expenditure|fund|fund type", 30),
)
_COMPILED = tuple((field, re.compile(pattern), sure) for field, pattern, sure in _PATTERNS)
# Names that look like a field's and are another thing.
_NEVER: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("amount_net", re.compile(r".*\b(network|internet|cost centre|cost code|cost element|number|code|name|description|desc|date|type|id)\b.*")),
    ("amount_unknown", re.compile(r".*\b(cost centre|cost code|number|code|name|description|desc|date|type|id|no|ref|vat|tax|to|count)\b.*")),
    ("amount_gross", re.compile(r".*\b(number|code|name|description|date|type|id)\b.*")),
    ("paid_on", re.compile(r".*\b(amount|value|number|name|ref|no|id)\b.*")),
    ("payee", re.compile(r".*\b(type|category|group|class|postcode|address|status|invoice|date|amount|town|vat|size|sme)\b.*")),
    ("description", re.compile(r".*\b(supplier|vendor|payee)\b.*")),
    ("reference", re.compile(r".*\b(company|charity|vat|postcode|cost|expense|gl)\b.*")),
)  # fmt: skip


@lru_cache(maxsize=10_000)
def plain(header: str) -> str:
    """Return a header as plain words: "NetAmount(£)" becomes "net amount gbp"."""
    text = header.replace("ï»¿", "").replace("\ufeff", "").replace("Â£", "£").replace("£", " gbp ")
    text = _CAMEL.sub(" ", text.replace("'", ""))
    return _SYMBOLS.sub(" ", text.lower()).strip()


@lru_cache(maxsize=10_000)
def sureness(header: str) -> dict[str, int]:
    """Return for each field that a column of this name could be how sure the name makes us (1 to 100)."""
    name = plain(header)
    found: dict[str, int] = {}
    if not name:
        return found
    for field, pattern, sure in _COMPILED:
        if sure > found.get(field, 0) and pattern.fullmatch(name):
            found[field] = sure
    for field, pattern in _NEVER:
        if field in found and pattern.fullmatch(name):
            del found[field]
    return found
