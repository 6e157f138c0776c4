"""Headers as English councils write them, over lines that are made up: which column is what."""

import pytest

from spend import reading

CELLS = {
    "date": ["03/04/2023", "14/04/2023", "28/04/2023", "30/04/2023"],
    "amount": ["1200.50", "99.99", "-10.00", "5000.00"],
    "gross": ["1440.60", "119.99", "-12.00", "6000.00"],
    "vat": ["240.10", "20.00", "-2.00", "1000.00"],
    "payee": ["Alder Paving Ltd", "Birch Bakery Limited", "Cedar Care Homes Ltd", "DOGWOOD & CO"],
    "number": ["100234", "100871", "104422", "100999"],
    "code": ["S1001", "S2002", "S3003", "S4004"],
    "words": ["Adult Social Care", "Highways", "Highways", "Parks and Open Spaces"],
    "expense": ["Agency Staff", "Materials", "Repairs", "Materials"],
    "purpose": ["Provision of care", "Paving at the depot", "Sandwiches for the meeting", "Mowing of verges"],
    "other": ["03/03/2023", "20/03/2023", "15/03/2023", "31/03/2023"],
    "period": ["202304", "202304", "202304", "202304"],
    "revenue": ["Revenue", "Capital", "Revenue", "Revenue"],
    "organisation": ["Anytown Borough Council"] * 4,
    "link": ["http://opendatacommunities.org/id/anytown"] * 4,
    "category": ["Social Care", "Construction", "Catering", "Grounds"],
}

# Each column: header=what stands in it. To be found: `date`, `amount` and `payee`.
LAYOUTS = """
Body Name=organisation | Date=date | Transaction Number=number | Amount £=amount |
    Supplier Name=payee | Expense Area=words
Organisation Name=organisation | Organisation Code=link | Effective Date=date | Directorate=words |
    Service Category=words | Supplier Name=payee | Supplier ID=number | Payment Amount=amount |
    Purpose of Expenditure=purpose
Dept=words | Merchant Name=payee | Trans Date=date | Post Date=other | Merchant Category=category |
    Transaction Amount=amount
Beneficiary=payee | Summary of Purpose=purpose | Date Paid=date | Value=amount
Vendor=number | Vendor Name=payee | Doc No=number | Clearing Date=date | Posting Date=other |
    Net Amt=amount | GL=code
Creditor Name=payee | Invoice Date=other | Date of Payment=date | Invoice Amount (Excl VAT)=amount |
    Narrative=purpose
Payee=payee | Payment Date=date | Payment Amt=amount | Cost Centre=words | Account Code=code |
    ProClass=category
Row Labels=payee | Paid Date=date | Sum of Amount=amount
Supplier/Employee=payee | Cap/Rev=revenue | Payment Run Date=date | Total=amount | SeRCOP=category
SUPPLIER NAME=payee | DEPARTMENT=words | GROSS=gross | VAT=vat | NET=amount | PAY DATE=date
Transaction Date=date | Supplier Name (Redacted if personal)=payee |
    Total Amount Paid (Ex. VAT)=amount | VAT Amount=vat
Supplier Site=code | Supplier=payee | Invoice Number=code | Payment Number=number |
    Payment Date=date | Line Amount=amount
Period=period | Cost Centre Description=words | Subjective Description=expense | Creditor=payee |
    Date=date | £=amount
Company Name=payee | What for=purpose | When=date | How much=amount
Date=date | Name=payee | Description=purpose | Amount=amount
Supplier Name=number | Supplier Name=payee | GL Date=date | Actual Amount=amount |
    Irrecoverable VAT=vat
Local Authority=organisation | Paid To=payee | Paid On=date | Spend (£)=amount | Type=expense
Service Area=words | Expense Type=expense | Beneficiary Name=payee | Cheque Date=date |
    Net Value=amount | Gross Value=gross
"""


def layouts() -> list[str]:
    """Return one line for each layout; a line that ends with a bar goes on in the next."""
    return LAYOUTS.replace("|\n    ", "| ").strip().splitlines()


def columns(layout: str) -> list[list[str]]:
    return [column.strip().rsplit("=", 1) for column in layout.split(" | ")]


@pytest.mark.parametrize("layout", layouts())
def test_date_amount_and_payee_are_found(layout):
    named = columns(layout)
    rows = [",".join(f'"{name}"' for name, _ in named)]
    rows += [",".join(f'"{CELLS[kind][number]}"' for _, kind in named) for number in range(4)]
    found = reading.read("\n".join(rows).encode(), "spend.csv")
    assert found.table["amount_pence"].to_list() == [120050, 9999, -1000, 500000]
    assert found.table["payee"].to_list() == CELLS["payee"]
    assert [day.strftime("%d/%m/%Y") for day in found.table["paid_on"]] == CELLS["date"]


@pytest.mark.parametrize("layout", layouts())
def test_without_its_header_a_file_still_gives_dates_payees_and_lines(layout):
    named = [column for column in columns(layout) if column[1] not in {"other", "gross", "vat"}]
    rows = [",".join(f'"{CELLS[kind][number]}"' for _, kind in named) for number in range(4)]
    found = reading.read("\n".join(rows).encode(), "spend.csv")
    assert found.decisions.header_line is None
    assert found.table["amount_pence"].to_list() == [120050, 9999, -1000, 500000]
    assert found.table["payee"].to_list() == CELLS["payee"]
