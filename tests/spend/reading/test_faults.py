"""One made-up file for each fault that published files have."""

import codecs
import gzip
from datetime import date

import pytest

from spend import reading

HEADER = "Directorate,Supplier Name,Payment Date,Net Amount,Transaction Number"
ROWS = (
    "Place,Alder Paving Ltd,03/04/2023,1200.50,T1",
    "Place,Birch Bakery Limited,14/04/2023,99.99,T2",
    "People,Cedar Care Homes Ltd,28/04/2023,-10.00,T3",
)
DAYS = [date(2023, 4, 3), date(2023, 4, 14), date(2023, 4, 28)]


def text(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *(rows or ROWS)]) + end


def read(
    content: str | bytes, name: str = "april.csv", mapping: reading.Mapping | None = None
) -> reading.Reading:
    return reading.read(content.encode() if isinstance(content, str) else content, name, mapping)


def assert_usual(found: reading.Reading) -> None:
    assert found.table["amount_pence"].to_list() == [120050, 9999, -1000]
    assert found.table["paid_on"].to_list() == DAYS
    assert found.table["payee"].to_list() == [
        "Alder Paving Ltd",
        "Birch Bakery Limited",
        "Cedar Care Homes Ltd",
    ]
    assert found.read + found.set_aside.height == found.lines == 3


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (text().encode(), "ASCII"),
        (gzip.compress(text().encode(), mtime=0), "ASCII"),
        (
            gzip.compress(text().encode()[:90], mtime=0) + gzip.compress(text().encode()[90:], mtime=0),
            "ASCII",
        ),
        (codecs.BOM_UTF8 + text().encode(), "UTF-8 with byte order mark"),
        (("ï»¿" + text()).encode(), "UTF-8 with a doubly encoded byte order mark"),
        (text(header=HEADER + " £").encode("cp1252"), "Windows-1252"),
        (text(header=HEADER + " £").encode("cp850"), "code page 850"),
        (codecs.BOM_UTF16_LE + text().encode("utf-16-le"), "UTF-16 little endian"),
        (text().encode("utf-16-be"), "UTF-16-BE without byte order mark"),
    ],
)
def test_an_encoding_is_recognised(content, encoding):
    found = read(content)
    assert found.decisions.encoding == encoding
    assert_usual(found)


def test_pound_signs_are_pound_signs_in_every_encoding():
    for encoding in ("utf-8", "cp1252", "cp850", "cp437", "utf-16"):
        rows = ("P,Ash Ltd,03/04/2023,£1.50,lot at £3", "P,Elm Ltd,04/04/2023,£2.50,x")
        found = read(text(*rows).encode(encoding))
        assert found.table["amount_pence"].to_list() == [150, 250]
        assert found.table["reference"].to_list() == ["lot at £3", "x"]


@pytest.mark.parametrize(("end", "named"), [("\r\n", "CRLF"), ("\n", "LF"), ("\r", "CR")])
def test_line_endings(end, named):
    found = read(text(end=end))
    assert found.decisions.line_ending == named
    assert found.table["line_no"].to_list() == [2, 3, 4]
    assert_usual(found)


def test_line_endings_mixed_in_one_file():
    found = read(HEADER + "\r" + ROWS[0] + "\r\n" + ROWS[1] + "\n" + ROWS[2])
    assert found.decisions.line_ending.startswith("mixed")
    assert_usual(found)


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", ","])
def test_delimiters(delimiter):
    found = read(text().replace(",", delimiter))
    assert found.decisions.delimiter == delimiter
    assert_usual(found)


@pytest.mark.parametrize(
    "above",
    ["\n\n", ",,,,\n", "Spending over £500,,,,\n\nApril 2023,,,,\n", "Anytown Council\nPayments made\n"],
)
def test_lines_above_the_header_are_no_data(above):
    found = read(above + text())
    assert found.decisions.header_line == above.count("\n") + 1
    assert_usual(found)


def test_a_file_without_a_header_is_read_by_content():
    found = read(text(*ROWS[1:], header=ROWS[0]))
    assert found.decisions.header_line is None
    assert_usual(found)


def test_a_header_below_the_data_names_it():
    found = read("\n".join([*ROWS, HEADER]) + "\n")
    assert_usual(found)
    assert found.table["reference"].to_list() == ["T1", "T2", "T3"]
    assert found.decisions.repeated_header_lines == (4,)


def test_an_overwritten_cell_of_the_header_costs_only_its_own_column():
    assert_usual(read(text(header="+,Supplier Name,Payment Date,Net Amount,Transaction Number")))
    assert_usual(read(text(header="Directorate,+,Payment Date,+,Transaction Number")))


def test_repeated_headers_totals_notes_and_blank_lines_are_told_apart():
    found = read(
        text(
            ROWS[0], "", HEADER, ROWS[1], ",,,,", ROWS[2], "Total,,,1290.49,", ",,,1290.49,", "* redacted,,,,"
        )
    )
    assert found.table["line_no"].to_list() == [2, 5, 7]
    assert found.decisions.repeated_header_lines == (4,)
    assert found.decisions.blank_lines == 2
    assert found.set_aside.rows() == [
        (8, "total", "Total,,,1290.49,"),
        (9, "total", ",,,1290.49,"),
        (10, "note", "* redacted,,,,"),
    ]
    assert found.lines == 6


def test_a_supplier_called_total_is_no_total():
    found = read(text("P,TOTAL GAS & POWER LTD,03/04/2023,10.00,T1", "P,Total Ltd,,12.00,T2"))
    assert found.read == 2


def test_ids_and_names_are_told_apart_by_what_stands_in_them():
    found = read(text(header="Directorate,Supplier ID(T),Payment Date,Amount,TransNo"))
    assert_usual(found)
    assert set(found.table["amount_basis"].to_list()) == {"unknown"}
    twice = "Supplier Name,Supplier Name,Payment Date,Net Amount\n"
    twice += "200227,Alder Ltd,3/4/2023,1.50\n7,Elm Ltd,4/4/2023,2.50\n"
    found = read(twice)
    assert found.table["payee"].to_list() == ["Alder Ltd", "Elm Ltd"]
    assert found.table["payee_ref"].to_list() == ["200227", "7"]


def test_a_period_is_not_a_date_and_the_payment_date_beats_the_invoice_date():
    found = read(
        "Period,Invoice Date,Payment Date,Supplier,Amount\n201905,01/01/2019,02/05/2019,Ash Ltd,5.00\n"
        "201905,03/01/2019,30/05/2019,Elm Ltd,6.00\n"
    )
    assert found.table["paid_on"].to_list() == [date(2019, 5, 2), date(2019, 5, 30)]
    found = read("Period,Supplier,Amount\n201905,Ash Ltd,5.00\n201906,Elm Ltd,6.00\n")
    assert found.table["paid_on"].to_list() == [None, None]


def test_halves_of_a_penny_are_rounded_away_from_zero():
    written = ["0.005", "-0.005", "0.0049", "-0.0049", "2.675", "-99.995"]
    found = read(text(*(f"P,Ash Ltd,03/04/2023,{amount},T" for amount in written)))
    assert found.table["amount_pence"].to_list() == [1, -1, 0, 0, 268, -10000]


def test_net_is_preferred_to_gross_and_gross_is_marked():
    both = "Supplier,Date,Gross Amount,VAT,Net Amount\n"
    both += "Ash Ltd,01/05/2019,6.00,1.00,5.00\nElm Ltd,13/05/2019,12.00,,\n"
    found = read(both)
    assert found.table["amount_pence"].to_list() == [500, 1200]
    assert found.table["amount_basis"].to_list() == ["net", "gross"]
    assert found.table["vat_pence"].to_list() == [100, None]
    found = read("Supplier,Date,Amount inc VAT\nAsh Ltd,01/05/2019,6.00\n")
    assert found.table["amount_basis"].to_list() == ["gross"]


def test_a_slipped_line_is_put_right_and_said_to_be():
    found = read(text(*ROWS, "Place,,Dogwood Ltd,29/04/2023,15.25,T4"))
    assert found.table.row(3, named=True)["payee"] == "Dogwood Ltd"
    assert found.table["amount_pence"][3] == 1525
    assert found.table["paid_on"][3] == date(2023, 4, 29)
    assert found.decisions.shifted_lines == (5,)


def test_lines_with_too_few_or_too_many_cells():
    found = read(text(*ROWS, "Place,Dogwood Ltd,29/04/2023,15.25", "Place,Elm Ltd,30/04/2023,1.00,T5,,,x,y"))
    assert found.table["amount_pence"].to_list()[3:] == [1525, 100]
    assert found.table["reference"].to_list()[3:] == [None, "T5"]


def test_a_quoted_line_feed_keeps_the_physical_line_numbers():
    found = read(text('"Place\nand\nStreets",Ash Ltd,01/04/2023,1.00,T1', *ROWS))
    assert found.table["line_no"].to_list() == [2, 5, 6, 7]
    assert found.table["directorate"][0] == "Place\nand\nStreets"


def test_unbalanced_and_misplaced_quotes_swallow_nothing():
    found = read(
        text(
            'Place,"Ash Ltd,01/04/2023,1.00,T1',
            'Place,Elm 6" Pipes,02/04/2023,2.00,T2',
            'Place,"Fir" Ltd,03/04/2023,3.00,T3',
            'Place, "Gorse, Hill & Co",04/04/2023,"1,004.00",T4',
            'Place,"The ""Holly"" Bush",15/04/2023,5.00,T5',
        )
    )
    assert found.table["amount_pence"].to_list() == [100, 200, 300, 100400, 500]
    payees = ["Ash Ltd", 'Elm 6" Pipes', "Fir Ltd", "Gorse, Hill & Co", 'The "Holly" Bush']
    assert found.table["payee"].to_list() == payees
    assert found.decisions.mended_quotes == 4


def test_nul_bytes_are_dropped():
    assert_usual(read(text().replace("Alder", "Al\x00der").encode()))


def test_an_amount_that_cannot_be_read_is_set_aside_with_its_reason():
    found = read(
        text(
            *ROWS,
            "P,Ash Ltd,01/04/2023,,T4",
            "P,Elm Ltd,02/04/2023,see below,T5",
            "P,Fir Ltd,02/04/2023,1900-04-03,T6",
        )
    )
    assert found.reasons == {"amount_is_date": 1, "no_amount": 1, "unreadable_amount": 1}
    assert found.set_aside["line_no"].to_list() == [5, 6, 7]
    assert found.lines == 6


def test_a_line_without_date_or_payee_is_read():
    found = read(text(*ROWS, "P,,01/04/2023,4.00,T4", "P,Elm Ltd,,5.00,T5"))
    assert found.read == 5
    assert found.table["payee"][3] is None
    assert found.table["paid_on"][4] is None


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "empty"),
        (b" \r\n,,,\r\n", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"PK\x03\x04rest", "save"),
        (b"%PDF-1.4", "PDF"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"\x1f\x8b\x08broken", "damaged"),
        (b"name,colour\nash,green\nelm,brown\n", "amounts"),
    ],
)
def test_what_is_no_spending_file_is_refused_with_advice(content, advice):
    with pytest.raises(reading.Unreadable, match=advice):
        read(content)


def test_card_lines_are_known_by_the_files_name_the_reference_or_the_merchants():
    assert read(text(), "2018-01-card.csv").table["card"].to_list() == [True, True, True]
    assert read(text(), "discarded.csv").table["card"].to_list() == [False, False, False]
    found = read(text(*ROWS, "P,Ash Ltd,01/04/2023,4.00,P-CARD - MAY 23"))
    assert found.table["card"].to_list() == [False, False, False, True]
    for number in ("1001", "A7"):
        found = read(text(*(row.replace(",T", f",{number}") for row in ROWS)))
        assert found.table["card"].to_list() == [False, False, False]


def test_a_mapping_corrects_what_was_found_and_survives_json():
    odd = "A,B,C,D\nAsh,Elm Ltd,01/02/2023,5.00\nFir,Oak Ltd,01/03/2023,6.00\n"
    first = read(odd)
    mapping = reading.Mapping(
        {"payee": 0, "directorate": "B", "reference": None},
        date_order="month first",
        fingerprint=first.fingerprint,
    )
    kept = reading.Mapping.from_json(mapping.to_json())
    assert kept == mapping
    found = read(odd, mapping=kept)
    assert found.table["payee"].to_list() == ["Ash", "Fir"]
    assert found.table["directorate"].to_list() == ["Elm Ltd", "Oak Ltd"]
    assert found.table["paid_on"].to_list() == [date(2023, 1, 2), date(2023, 1, 3)]
    assert reading.fingerprint(odd.encode()) == first.fingerprint
    with pytest.raises(ValueError, match="no such field"):
        reading.Mapping({"colour": 1})


def test_a_mapping_for_another_header_is_left_alone():
    mapping = reading.Mapping({"payee": 0}, fingerprint="of another file")
    found = read(text(), mapping=mapping)
    assert_usual(found)
    assert "another header" in found.decisions.notes[0]


def test_a_mapping_can_name_the_header_line():
    found = read("x,y,z\n" + text(), mapping=reading.Mapping(header_line=2))
    assert found.decisions.header_line == 2
    assert_usual(found)


def test_decisions_say_why_and_the_preview_shows_the_start():
    found = read(text())
    why = {column.field: column.why for column in found.decisions.columns}
    assert why["payee"].startswith("by name: “Supplier Name”")
    assert why["paid_on"] == "by name: “Payment Date”, 100% of its cells are dates"
    assert found.preview[0] == tuple(HEADER.split(","))
    assert dict(found.table.schema) == dict(reading.LINES)


def test_a_cell_longer_than_the_standard_library_allows_is_read():
    found = read(text('Place,"' + "x" * 200_000 + '" Ltd,01/04/2023,1.00,T0', *ROWS))
    assert found.table["amount_pence"].to_list() == [100, 120050, 9999, -1000]


@pytest.mark.parametrize(
    "payee",
    [
        " Alder Paving Ltd",
        "Alder Paving Ltd  ",
        "\tAlder Paving Ltd",
        "Alder Paving Ltd\x0b",
        "\u00a0Alder Paving Ltd",
        "Alder Paving Ltd\u3000",
        '" Alder Paving Ltd"',
        '"Alder Paving Ltd "',
        '"Alder Paving Ltd\n"',
        '"\nAlder Paving Ltd"',
    ],
)
@pytest.mark.parametrize("rest", [ROWS[1:], ('Place,"Birch, Bakery Limited",14/04/2023,99.99,T2', ROWS[2])])
def test_space_around_a_cell_is_no_part_of_it(payee, rest):
    found = read(text(f"Place,{payee},03/04/2023, 1200.50,T1", *rest))
    assert found.table["payee"][0] == "Alder Paving Ltd"
    assert found.table["amount_pence"].to_list() == [120050, 9999, -1000]
    only_in_name = read(text(f"Place,{payee},03/04/2023,1200.50,T1", *rest))
    assert only_in_name.table["payee"][0] == "Alder Paving Ltd"


@pytest.mark.parametrize("service", ["", '""', " ", '" "'])
def test_a_cell_without_text_is_absent(service):
    found = read(text(f"{service},Alder Paving Ltd,03/04/2023,1200.50,T1", *ROWS[1:]))
    assert found.table["directorate"].to_list() == [None, "Place", "People"]
