"""Whom a comment addresses, and what happened in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.pools.mentions import Participant, pieces, resolve
from procurement.rules.pools.states import PoolState
from procurement.rules.pools.timeline import SENTENCES
from values.refusals import Refused

ANN, BO, ANN_TOO, JON, JONES = (UUID(int=number) for number in range(5))
HERE = [
    Participant(ANN, "Ann Smith", "LDS", "Leeds"),
    Participant(BO, "Bo O’Hara", "LDS", "Leeds"),
    Participant(ANN_TOO, "Ann Smith", "CMD", "Camden"),
    Participant(JON, "Jon", "CMD", "Camden"),
    Participant(JONES, "Jon Jones", "SLF", "Salford"),
]
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "insights", "procurement", "spend", "suppliers", "accounts", "notifications", "store")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Hello all", ()),
        ("@Bo O’Hara, could you look?", (BO,)),
        ("@bo o’hara and @BO O’HARA", (BO,)),
        ("@Leeds: and @Salford.", (ANN, BO, JONES)),
        ("(@Ann Smith (Camden)) @Ann Smith (Leeds)", (ANN_TOO, ANN)),
        ("@Jon", (JON,)),
        ("@Jon Jones", (JONES,)),
        ("Meet @ 5pm, write to ann@leeds.example or x.@Jon", ()),
    ],
)
def test_a_name_after_an_at_addresses_whoever_has_it(text, people):
    assert tuple(resolve(text, HERE).people) == people


@pytest.mark.parametrize("text", ["@Jonathan", "@Zoe, hello", "Hi @Ann"])
def test_a_name_that_nobody_has_is_refused(text):
    word = text.partition("@")[2].partition(",")[0]
    with pytest.raises(Refused, match=f"“@{word}” is nobody who takes part"):
        resolve(text, HERE)


def test_a_name_of_people_of_two_councils_is_refused_with_both_ways_to_write_it():
    with pytest.raises(Refused) as refused:
        resolve("@Ann Smith please", HERE)
    assert refused.value.message == (
        "“@Ann Smith” could be people of different councils. "
        "Write “@Ann Smith (Camden)” or “@Ann Smith (Leeds)”"
    )
    assert refused.value.field == "text"


def test_two_of_one_name_in_one_council_are_both_addressed():
    twin = Participant(UUID(int=9), "Bo O’Hara", "LDS", "Leeds")
    assert set(resolve("@Bo O’Hara", [*HERE, twin]).people) == {BO, twin.person_id}


def test_a_person_who_is_named_like_another_council_is_unclear():
    leeds = Participant(UUID(int=9), "Leeds", "CMD", "Camden")
    with pytest.raises(Refused, match="different councils"):
        resolve("@Leeds", [*HERE, leeds])
    assert resolve("@Leeds (Camden)", [*HERE, leeds]).people == (leeds.person_id,)


@given(
    st.lists(st.sampled_from(["@", "Jon", " ", "Jones", "İ", "\n", "@Jon", "x"]), max_size=12).map("".join)
)
def test_pieces_make_the_text_again(text):
    try:
        spelled = resolve(text, HERE).spelled
    except Refused:
        return
    cut = pieces(text, spelled)
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)
    assert {piece.text[1:] for piece in cut if piece.mention} == set(spelled)


def test_what_a_name_could_do_to_an_expression_it_does_not():
    odd = Participant(ANN, "A.*(b", "LDS", "Leeds")
    assert resolve("@A.*(b!", [odd]).people == (ANN,)
    with pytest.raises(Refused):
        resolve("@Axx(b", [odd])


def constants() -> dict[str, set[str]]:
    """The texts of the source that could be actions about pools, by file."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for place in sorted((ROOT / package).rglob("*.py")):
            nodes = list(ast.walk(ast.parse(place.read_text())))
            texts = {
                node.value
                for node in nodes
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"pool\.[a-z_-]+", node.value)
            }
            # f"pool.{state.value}" stands for each state.
            if any(
                isinstance(node, ast.JoinedStr) and ast.unparse(node)[1:].strip("'\"").startswith("pool.{")
                for node in nodes
            ):
                texts |= {f"pool.{state}" for state in PoolState if state is not PoolState.FORMING}
            if texts and ("actions" in place.parts or place.stem == "tasks"):
                found[str(place.relative_to(ROOT))] = texts
    return found


def test_every_action_about_a_pool_has_its_sentence():
    recorded = {action: place for place, actions in constants().items() for action in actions}
    assert {"pool.commented", "pool.comment-removed"} <= set(recorded)
    assert {action: place for action, place in recorded.items() if action not in SENTENCES} == {}


def entries() -> list[tuple[str, list[str]]]:
    """What is recorded about pools, with the names of its details."""
    found: list[tuple[str, list[str]]] = []
    for package in PACKAGES:
        for place in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(place.read_text())):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) not in (
                    "audit.record",
                    "audit.Entry",
                ):
                    continue
                if '"pool"' in [ast.unparse(each).replace("'", '"') for each in node.args]:
                    names = [each.arg or "" for each in node.keywords]
                    names += [
                        str(key.value)
                        for each in node.args
                        if isinstance(each, ast.Dict)
                        for key in each.keys
                        if isinstance(key, ast.Constant)
                    ]
                    found.append((f"{place.relative_to(ROOT)}:{node.lineno}", names))
    return found


def test_no_entry_about_a_pool_tells_a_sum():
    found = entries()
    assert found
    private = re.compile(r"_pence$|budget|^cap|^sum")
    assert [(place, name) for place, names in found for name in names if private.search(name)] == []
