"""Raw SQL over a contract as each role: who reads, who writes, who decides a change."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from tests.tenders import bidding as builder
from tests.tenders import signed

# Of each table: what is written besides id and contract.
WRITES = {
    "contract_notice": {"code": "'UK7'", "about_id": ":contract", "fields": "'[]'", "prepared_by": "'x'"},
    "contract_document": {
        "kind": "'contract'",
        "about_id": ":contract",
        "title": "'x'",
        "sha256": "decode(repeat('ab', 32), 'hex')",
        "name": "'x'",
        "file_kind": "'x'",
        "size": "1",
        "added_by": "'x'",
    },
    "kpi_reading": {
        "kpi_number": "1",
        "from_on": "'2026-01-01'",
        "until_on": "'2026-01-01'",
        "value": "'x'",
        "rating": "'good'",
        "evidence": "'x'",
        "recorded_by": "'x'",
    },
    "contract_assessment": {
        "from_on": "'2026-01-01'",
        "until_on": "'2026-01-01'",
        "last": "false",
        "made_by": "'x'",
    },
    "contract_breach": {
        "applies_on": "'2026-01-01'",
        "consequence": "'damages'",
        "words": "'x'",
        "recorded_by": "'x'",
    },
    "contract_ending": {
        "whole": "true",
        "kind": "'agreed'",
        "ended_on": "'2026-01-01'",
        "words": "'x'",
        "recorded_by": "'x'",
    },
    "contract_change": {
        "number": "1",
        "words": "'x'",
        "reason": "'x'",
        "value_pence": "1",
        "term_months": "0",
        "widens_scope": "false",
        "favours_supplier": "false",
        "alters_nature": "false",
        "way": "'minor'",
        "verdict": "'{}'",
        "needs_notice": "true",
        "text_is_published": "false",
        "commits_pence": "1",
        "proposed_by": "'x'",
    },
    "contract_manager": {"person_id": "app.person()", "person_name": "'x'"},
    "payment_information": {
        "reference": "'x'",
        "published_on": "'2026-01-01'",
        "payments": "'[{}]'",
    },
    "contract_payment": {
        "invoice": "'x'",
        "sum_pence": "1",
        "received_on": "'2026-01-01'",
        "recorded_by": "'x'",
    },
}


def write(table):
    values = {"contract_id": ":contract", **WRITES[table]}
    if table != "contract_manager":
        values["id"] = "gen_random_uuid()"
    return f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())}) returning 1"


@pytest.fixture
async def raw(running):
    """Run SQL as somebody over a contract of Leeds."""
    contract = await signed.sign(running)

    async def asked(who, sql):
        return await builder.raw(running.bidding, who, sql, contract=contract)

    return asked


SEEN = {"officer": 1, "camden": 1, "lead": 1, "supplier": 0, "rival": 0, "outside": 0}
KEPT = (
    "payment_information",
    "kpi_reading",
    "contract_breach",
    "contract_ending",
    "contract_assessment",
    "tender_contract",
)


async def test_only_the_council_that_signed_writes_and_only_buyers_read(raw):
    for table in WRITES:
        for who in ("camden officer", "leeds", "supplier", "rival", "outside", "lead"):
            with pytest.raises(DBAPIError, match="row-level security"):
                await raw(who, write(table))
    # A document names a file that there must be.
    written = [table for table in WRITES if table != "contract_document"]
    for table in written:
        assert await raw("officer", write(table))
    for who, seen in SEEN.items():
        for table in (*written, "tender_contract"):
            assert len(await raw(who, f"select 1 from {table}")) == seen, (who, table)
    for table in KEPT:
        with pytest.raises(DBAPIError, match="permission denied"):
            await raw("officer", f"delete from {table} returning 1")


DECIDED = (
    "update contract_change set state = 'approved', decided_by_id = app.person(), decided_by = 'x',"
    " decided_at = now() where contract_id = :contract returning 1"
)


async def test_an_approver_decides_a_change_within_their_limit_and_its_notice_comes_first(raw, cast, owner):
    await raw("officer", write("contract_change"))
    with pytest.raises(DBAPIError, match="an approver decides"):
        await raw("officer", DECIDED)
    for who in ("camden", "lead", "supplier"):
        assert await raw(who, DECIDED) == []
    limit = "update approver_authority set limit_pence = $2 where person_id = $1"
    await owner.execute(limit, cast["leeds"].id, 0)
    with pytest.raises(DBAPIError, match="beyond the limit"):
        await raw("leeds", DECIDED)
    await owner.execute(limit, cast["leeds"].id, 1)
    assert await raw("leeds", DECIDED)
    made = "update contract_change set state = 'made', made_on = '2026-12-01', made_by = 'x' returning 1"
    with pytest.raises(DBAPIError, match="notice comes before the change"):
        await raw("officer", made)
