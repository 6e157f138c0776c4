"""Properties over generated files in random dialects: nothing lost, sums exact, any order of columns."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from spend import reading

DATE_FORMS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d-%b-%y",
    "%d %B %Y",
    "%d.%m.%Y",
    "%Y-%m-%dT00:00:00",
    "%d %b %Y",
)
NAMES = ("Supplier Name", "Payment Date", "Net Amount", "Transaction Number", "Service Area", "Narrative")
WORDS = (
    "Alder",
    "Birch & Sons",
    "Cedar, Elm and Oak",
    'The "Fir" Tree',
    "Gorse's",
    "Holly £ Shop",
    "Ivy (Hall)",
)
JUNK = ("", ",,,,,", "Payments over £500", "Anytown Council\n")


def written(pence: int, form: str) -> str:
    pounds, rest = divmod(abs(pence), 100)
    minus = pence < 0
    match form:
        case "plain":
            return f"{'-' * minus}{pounds}.{rest:02d}"
        case "pound":
            return f"{'-' * minus}£{pounds:,}.{rest:02d}"
        case "brackets":
            return f"({pounds:,}.{rest:02d})" if minus else f"{pounds:,}.{rest:02d}"
        case "behind":
            return f"{pounds}.{rest:02d}{'-' * minus}"
        case _:
            return f" {pounds:,}.{rest:02d}{' CR' * minus} "


amounts = st.integers(-10_000_000_00, 10_000_000_00)
days = st.dates(date(2010, 1, 1), date(2026, 12, 31))
payees = st.tuples(st.sampled_from(WORDS), st.sampled_from(("Ltd", "Limited", "plc", "Services"))).map(
    " ".join
)
lines = st.lists(st.tuples(payees, days, amounts), min_size=3, max_size=25)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, date, int]], list[int]]:
    chosen = draw(lines)
    # A day that only the British order can read, so that the order is never a guess.
    chosen.append(("Yew Ltd", date(2020, 5, 31), 100))
    delimiter = draw(st.sampled_from((",", "\t", ";", "|")))
    end = draw(st.sampled_from(("\n", "\r\n", "\r")))
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16")))
    date_form = draw(st.sampled_from(DATE_FORMS))
    amount_form = draw(st.sampled_from(("plain", "pound", "brackets", "behind", "CR")))
    order = draw(st.permutations(range(len(NAMES))))
    junk = draw(st.sampled_from(JUNK)) if delimiter == "," else ""

    def row(cells: list[str]) -> str:
        ordered = [cells[place] for place in order]
        return delimiter.join(
            '"' + c.replace('"', '""') + '"' if delimiter in c or '"' in c else c for c in ordered
        )

    rows = [junk] if junk else []
    rows.append(row(list(NAMES)))
    for number, (payee, day, pence) in enumerate(chosen):
        cells = [
            payee,
            day.strftime(date_form),
            written(pence, amount_form),
            f"T{number}",
            "Highways",
            "Works",
        ]
        rows.append(row(cells))
        if draw(st.integers(0, 9)) == 0:
            rows.append(delimiter * (len(NAMES) - 1))
    return (end.join(rows) + end).encode(encoding), chosen, order


@settings(max_examples=150, deadline=None)
@given(files())
def test_a_file_in_any_dialect_is_read_whole_and_to_the_penny(generated):
    content, chosen, _ = generated
    found = reading.read(content, "spend.csv")
    assert found.read + found.set_aside.height == found.lines == len(chosen)
    assert found.table["amount_pence"].to_list() == [pence for _, _, pence in chosen]
    assert found.table["paid_on"].to_list() == [day for _, day, _ in chosen]
    assert found.table["payee"].to_list() == [payee for payee, _, _ in chosen]


@settings(max_examples=60, deadline=None)
@given(lines, st.permutations(range(3)))
def test_the_order_of_columns_changes_nothing(chosen, order):
    def content(places: list[int]) -> bytes:
        cells = [list(NAMES[:3])]
        cells += [
            [f'"{p}"'.replace('"Fir"', "Fir"), d.isoformat(), written(a, "plain")] for p, d, a in chosen
        ]
        return "\n".join(",".join(row[place] for place in places) for row in cells).encode()

    one, other = (reading.read(content(places), "spend.csv").table for places in ([0, 1, 2], list(order)))
    assert one.equals(other)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='a1,."\n£- /\r', max_size=200))
def test_no_text_makes_the_reader_stumble(noise):
    content = "Supplier,Date,Amount\nAsh Ltd,01/02/2020,1.00\nElm Ltd,28/02/2020,2.00\n" + noise
    try:
        found = reading.read(content.encode(), "spend.csv")
    except reading.Unreadable:
        return
    assert found.read + found.set_aside.height == found.lines
    assert found.table["line_no"].is_sorted()


@given(days)
def test_a_spreadsheets_day_number_is_the_day(day):
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    found = reading.read(f"Supplier,Payment Date,Amount\nAsh Ltd,{serial},1.00\n".encode(), "spend.csv")
    assert found.table["paid_on"].to_list() == [day]
