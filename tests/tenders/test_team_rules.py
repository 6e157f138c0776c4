"""Who bids, without a database: what is missing, one bid for a lot, manifests and what panels read."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenders.rules.bidding import drafts, manifests
from tenders.rules.bidding import team as rules
from tenders.rules.bidding.drafts import BidPart
from tenders.rules.bidding.team import Fulfilment, Member, MemberState, Said, Subcontractor, Team
from tests.tenders.test_bid_rules import ASKED, TENDER, WHOLE
from values.refusals import Refused

SAID = Said(lots=("lot2",), conditions={"safe": Fulfilment(meets=False)}, person_name="Pia")
ORGANISATION = str(uuid4())
MEMBER = Member(str(uuid4()), ORGANISATION, "Marl Ltd", MemberState.ACCEPTED, False, "Trains", 30, SAID)
BELOW = Subcontractor("Clay Ltd", "01234567", "Hosts", 10, ("safe",))
TEAM = Team("Builds", 60, (MEMBER,), (BELOW,))


def lacks(team):
    return list(rules.lacks(team, ["lot2"]))


def test_alone_nothing_is_asked_and_together_all_parts_come_to_the_whole():
    assert Team().alone
    assert lacks(Team()) == []
    assert lacks(TEAM) == []
    assert lacks(replace(TEAM, part="")) == ["Say which part of the work is yours, and how much of it"]
    assert lacks(replace(TEAM, share_percent=50)) == [
        "All parts of the work come to 90%: they must come to 100%"
    ]
    gone = replace(MEMBER, state=MemberState.LEFT)
    assert replace(TEAM, members=(gone,), subcontractors=()).alone


def test_nothing_is_whole_while_a_member_has_not_accepted_or_accepted_other_lots():
    asked = replace(MEMBER, state=MemberState.INVITED, said=None)
    assert lacks(replace(TEAM, members=(asked,))) == ["“Marl Ltd” has not accepted yet"]
    other = replace(MEMBER, said=replace(SAID, lots=("lot1",)))
    assert lacks(replace(TEAM, members=(other,))) == [
        "“Marl Ltd” accepted other lots: ask it to accept again"
    ]
    with pytest.raises(Refused, match="has not accepted"):
        drafts.check_whole(ASKED, replace(WHOLE, team=replace(TEAM, members=(asked,))))
    (gap,) = drafts.gaps(ASKED, replace(WHOLE, team=replace(TEAM, members=(asked,))))
    assert gap.part is BidPart.TEAM


LOTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True)


@given(LOTS, st.lists(LOTS, max_size=3))
def test_a_supplier_is_in_one_bid_for_a_lot_unless_the_tender_allows_several(wanted, elsewhere):
    rules.check_one_bid(wanted, elsewhere, {}, several=True)
    if any(set(wanted) & set(lots) for lots in elsewhere):
        with pytest.raises(Refused, match="one for each lot"):
            rules.check_one_bid(wanted, elsewhere, {}, several=False)
    else:
        rules.check_one_bid(wanted, elsewhere, {}, several=False)


@pytest.mark.parametrize(
    ("organisation", "count", "said"),
    [("own", 1, "your own"), (ORGANISATION, 1, "asked this supplier already"), ("", 10, "At most 10")],
    ids=["oneself", "somebody asked before", "too many"],
)
def test_who_cannot_be_asked(organisation, count, said):
    team = Team(members=tuple(replace(MEMBER, id=str(n)) for n in range(count)))
    with pytest.raises(Refused, match=said):
        rules.check_inviting(team, organisation, "own")


def test_what_is_kept_reads_back():
    assert rules.from_kept(json.loads(json.dumps(rules.kept(TEAM))), TEAM.members) == TEAM
    assert rules.said_from(json.loads(json.dumps(rules.said_kept(SAID)))) == SAID


def made(draft):
    return drafts.manifest(tender_id=TENDER, code="ABC", salt="00", asked=ASKED, draft=draft)


def test_a_manifest_names_all_who_bid_and_a_panel_reads_letters():
    said = manifests.read(made(replace(WHOLE, team=TEAM)), TENDER)
    assert manifests.members_in(said) == [ORGANISATION]
    text = json.dumps(manifests.masked(said))
    for secret in ("Marl", "Clay", ORGANISATION, "01234567"):
        assert secret in json.dumps(said)
        assert secret not in text
    team = manifests.masked(said)["team"]
    assert [each["label"] for each in team["members"] + team["subcontractors"]] == [
        "Member A",
        "Sub-contractor A",
    ]
    assert team["members"][0]["conditions"] == {"safe": {"meets": False, "evidence": ""}}


def test_a_supplier_that_bids_alone_hands_in_what_it_did_before():
    assert json.loads(made(WHOLE))["form"] == 1
    assert manifests.masked(manifests.read(made(WHOLE), TENDER)) == json.loads(made(WHOLE))


SPOILED = [
    lambda team: team["members"].append(team["members"][0]),
    lambda team: team["members"][0].update(organisation="Marl"),
    lambda team: team["members"][0].update(more=1),
    lambda team: team["lead"].update(share_percent="60"),
    lambda team: team["subcontractors"].extend(team["subcontractors"] * 30),
    lambda team: team["members"][0]["conditions"].update(safe=True),
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_nothing_that_a_bidder_wrote_of_others_is_believed(spoil):
    said = json.loads(made(replace(WHOLE, team=TEAM)))
    spoil(said["team"])
    with pytest.raises(ValueError, match=r"shape|hexadecimal"):
        manifests.read(json.dumps(said).encode(), TENDER)


def test_all_who_bid_are_named_together():
    assert rules.together("A", []) == "A"
    assert rules.together("A", ["B"]) == "A, together with B"
    assert rules.together("A", ["B", "C", "D"]) == "A, together with B, C and D"
