"""Rules of bids without a database: states, gaps, manifests, receipts as texts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import signing
from tenders.rules.bidding import drafts, manifests, receipts, standing
from tenders.rules.bidding.asked import Asked, AskedLot, AskedQuestion
from tenders.rules.bidding.drafts import BidFileFacts, BidPart, Draft, Fulfilment, PriceSchedule
from tenders.rules.bidding.receipts import ReceiptFacts
from tenders.rules.bidding.standing import BidState, ReceiptKind
from values.refusals import Refused

DUE = datetime(2026, 12, 1, 12, tzinfo=UTC)
MASTER = b"a master key that only tests use"
TENDER = UUID("01934567-0000-7000-8000-000000000001")


def lot(number, *starts):
    return AskedLot(f"lot{number}", f"Lot {number}", "", "loan", starts or (0,), "units in tier")


def question(name):
    return AskedQuestion(name, name.title(), "", "", "60%")


ASKED = Asked((lot(1), lot(2, 0, 100)), (question("safe"),), (question("ease"),), priced=True)
WHOLE = Draft(
    lots=("lot2",),
    conditions={"safe": Fulfilment(meets=True, evidence="A certificate")},
    answers={"ease": "Very"},
    prices={"lot2": PriceSchedule(100_000, (150, 120))},
    files=(BidFileFacts(str(uuid4()), "plan.txt", "text", 3, "ab" * 32),),
)
STEPS = st.tuples(st.sampled_from(["submit", "withdraw"]), st.integers(-3, 3))


@given(st.lists(STEPS, max_size=30))
def test_a_bid_is_what_was_done_last_in_time(steps):
    """Any steps at any times before and after the deadline, as the database records them."""
    kinds, expected = [], BidState.DRAFT
    for step, hours in steps:
        if step == "withdraw" and expected is not BidState.SUBMITTED:
            continue  # refused: nothing is handed in
        at = DUE + timedelta(hours=hours)
        kind = standing.receipt_kind("published", DUE, at, withdraws=step == "withdraw")
        kinds.append(kind.value)
        if hours < 0:
            expected = BidState.WITHDRAWN if step == "withdraw" else BidState.SUBMITTED
        assert (kind is ReceiptKind.LATE) == (hours >= 0)
        assert standing.bid_state(kinds) is expected
    # What came too late changes nothing.
    assert standing.bid_state([kind for kind in kinds if kind != "late"]) is expected


@pytest.mark.parametrize("state", ["draft", "approved", "opened", "assessed", "terminated"])
def test_only_a_tender_that_is_out_takes_bids(state):
    early = DUE - timedelta(days=1)
    assert standing.receipt_kind(state, DUE, early, withdraws=False) is ReceiptKind.LATE
    with pytest.raises(Refused, match="takes no bids"):
        standing.check_open(state, DUE, early)


def test_to_the_last_microsecond():
    before = DUE - timedelta(microseconds=1)
    assert standing.receipt_kind("published", DUE, before, withdraws=False) is ReceiptKind.SUBMITTED
    assert standing.receipt_kind("published", DUE, DUE, withdraws=False) is ReceiptKind.LATE
    assert standing.is_open("published", DUE, before)
    assert not standing.is_open("published", DUE, DUE)


def test_an_empty_draft_lacks_all_and_a_whole_one_nothing():
    parts = [gap.part for gap in drafts.gaps(ASKED, Draft())]
    assert parts == [BidPart.LOTS, BidPart.CONDITIONS, BidPart.ANSWERS]
    assert drafts.gaps(ASKED, WHOLE) == []
    drafts.check_whole(ASKED, WHOLE)


def test_a_no_to_a_condition_is_an_answer_and_a_yes_needs_evidence():
    assert drafts.gaps(ASKED, replace(WHOLE, conditions={"safe": Fulfilment(meets=False)})) == []
    (gap,) = drafts.gaps(ASKED, replace(WHOLE, conditions={"safe": Fulfilment(meets=True)}))
    assert gap.part is BidPart.CONDITIONS


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=4), st.none() | st.integers(0, 10**9))
def test_prices_are_whole_when_each_tier_has_one(tiers, fixed):
    draft = replace(WHOLE, prices={"lot2": PriceSchedule(fixed, tuple(tiers))})
    whole = fixed is not None and len(tiers) == 2 and None not in tiers
    assert (drafts.gaps(ASKED, draft) == []) == whole


def test_a_single_lot_need_not_be_chosen_and_prices_are_asked_only_where_they_count():
    one = Asked((lot(1),), (), (), priced=False)
    assert drafts.gaps(one, Draft()) == []


@given(st.dictionaries(st.sampled_from(["ease", "other"]), st.text(max_size=40)), st.text(max_size=40))
def test_a_manifest_is_canonical_and_reads_back(answers, evidence):
    conditions = {"safe": Fulfilment(meets=True, evidence=evidence)}
    one = replace(WHOLE, answers=answers, conditions=conditions)
    other = replace(one, answers=dict(reversed(answers.items())), files=tuple(reversed(one.files)))
    made = [
        drafts.manifest(tender_id=TENDER, code="ABC", salt="00", asked=ASKED, draft=each)
        for each in (one, other)
    ]
    assert made[0] == made[1]
    if "\0" in evidence + answers.get("ease", ""):
        with pytest.raises(ValueError, match="cannot be kept"):
            manifests.read(made[0], TENDER)
        return
    said = manifests.read(made[0], TENDER)
    assert said["answers"] == {"ease": answers.get("ease", "")}
    assert said["prices"] == {"lot2": {"fixed_pence": 100_000, "tiers": [[0, 150], [100, 120]]}}
    assert made[0] != drafts.manifest(tender_id=TENDER, code="ABC", salt="01", asked=ASKED, draft=one)


def test_a_manifest_of_another_tender_or_shape_is_refused():
    made = drafts.manifest(tender_id=TENDER, code="ABC", salt="00", asked=ASKED, draft=WHOLE)
    with pytest.raises(ValueError, match="another tender"):
        manifests.read(made, uuid4())
    said = json.loads(made)
    for key, wrong in (
        ("form", 2),
        ("answers", {"ease": 5}),
        ("prices", {"lot2": {"fixed_pence": "1", "tiers": []}}),
        ("prices", {"lot2": {"fixed_pence": 1, "tiers": [[0, -1]]}}),
        ("prices", {"lot2": {"fixed_pence": 1, "tiers": [[0]]}}),
        ("files", [{**said["files"][0], "sha256": "xyz"}]),
        ("files", [{**said["files"][0], "id": "no id"}]),
        ("files", said["files"] * 2),
        ("lots", [1]),
        ("conditions", {"safe": {"meets": "yes", "evidence": ""}}),
        ("more", 1),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 -- whatever it is called
            manifests.read(json.dumps({**said, key: wrong}).encode(), TENDER)


@given(st.binary(max_size=300))
def test_no_bytes_pass_for_a_manifest_by_chance(content):
    with pytest.raises(ValueError):  # noqa: PT011
        manifests.read(content, TENDER)


def test_files_have_their_limits():
    drafts.check_room([1] * 29, 20_000_000)
    for there, size in (([1] * 30, 1), ([], 20_000_001), ([20_000_000] * 5, 1)):
        with pytest.raises(Refused):
            drafts.check_room(there, size)


FACTS = st.builds(
    ReceiptFacts,
    id=st.uuids(),
    bid_code=st.from_regex(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", fullmatch=True),
    tender_id=st.uuids(),
    kind=st.sampled_from(ReceiptKind),
    at=st.datetimes(timezones=st.just(UTC)),
    due_at=st.datetimes(timezones=st.just(UTC)),
    sha256=st.sampled_from(["", "ab" * 32]),
)


@given(FACTS)
def test_a_receipt_is_verified_as_it_was_pasted(facts):
    signature = signing.sign(MASTER, receipts.PURPOSE, receipts.signed_text(facts))
    text = receipts.whole_text(facts, signature)
    indented = "\r\n\r\n".join("  " + line for line in text.splitlines())
    for pasted in (receipts.pasted(text), receipts.pasted(indented)):
        assert signing.holds(signing.public_key(MASTER, receipts.PURPOSE), pasted.signature, pasted.signed)
        assert (pasted.id, pasted.sha256) == (facts.id, bytes.fromhex(facts.sha256) or None)
    changed = text.replace(facts.bid_code, "AAAA-AAAA-AAA2")
    if changed != text:
        pasted = receipts.pasted(changed)
        assert not signing.holds(
            signing.public_key(MASTER, receipts.PURPOSE), pasted.signature, pasted.signed
        )


@given(st.text(max_size=300))
def test_what_is_no_receipt_is_refused_in_words(text):
    with pytest.raises(Refused, match="Paste the whole receipt"):
        receipts.pasted(text)
