"""Parts of pages that the slices above use, and the answers as a file."""

from __future__ import annotations

import csv
import io

import pytest

from sourcing.actions import questions as actions
from sourcing.actions import subjects
from sourcing.queries import panels as panel_queries
from sourcing.queries import questions as queries
from sourcing.queries import scores as score_queries
from sourcing.rules.panels import PanelState
from sourcing.rules.questions import Ground
from tests.sourcing.panels import BECAUSE
from tests.sourcing.test_subjects import later
from values.ids import uuid7
from web.assets import Assets
from web.pages import Site, environment
from web.paging import Column, Pages


@pytest.fixture
def part(assets: Assets):
    made = environment(Site("Buy Together", b"secret"), assets)
    return lambda name: made.get_template(f"sourcing/{name}.html").make_module()


@pytest.fixture
async def asked(does, cast):
    """One answered to all, one privately, one that is drafted, one that waits."""
    await does("leeds", subjects.take_questions_until, cast.subject, later(days=1))
    made = [await does("supplier", actions.ask, cast.subject, words=f"=Question <{n}>?") for n in range(4)]
    draft = actions.draft_answer
    await does("leeds", draft, cast.subject, made[0], words="=First?", answer="To <all>.")
    await does(
        "leeds", draft, cast.subject, made[1], words="Second?", answer="To one.", ground=Ground.COMMERCIAL,
        basis="Prices",
    )  # fmt: skip
    await does("leeds", actions.publish_answers, cast.subject)
    await does("leeds", draft, cast.subject, made[2], words="Third?", answer="A draft.")
    return made


async def test_answers_as_a_file_hold_no_draft_and_no_private_answer(asked, client, cast):
    page = await client.open(f"/questions/{cast.subject}/answers.csv")
    rows = list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert {(row["question"], row["answer"], row["basis"]) for row in rows} == {
        ("'=First?", "To <all>.", ""),
        ("", "", "Prices"),
    }
    await client.open(f"/questions/{uuid7()}/answers.csv")
    assert client.status == 404


async def test_a_list_shows_each_reader_what_is_theirs(asked, reads, cast, part):
    shown = {}
    for who in ("leeds", "supplier", "rival"):
        _, rows = await reads(who, queries.questions, cast.subject)
        href = "/answer" if who == "leeds" else ""
        shown[who] = part("questions").question_list(rows, Pages(), "/answers.csv", href=href)
    assert "To &lt;all&gt;." in shown["rival"]
    assert "To one." not in shown["rival"]
    assert "section 94): Prices" in shown["rival"]
    assert "A draft." not in shown["supplier"]
    assert "To one." in shown["supplier"]
    assert "only your organisation and the buyers read" in shown["supplier"]
    assert shown["leeds"].count('href="/answer/') == 2
    assert 'href="/answer/' not in shown["supplier"]
    assert "Nobody has asked yet" in part("questions").question_list((), Pages(), "/answers.csv")


async def test_who_is_behind_and_how_far_scores_lie_apart(bench, reads, part):
    await bench.form()
    await bench.move(PanelState.SCORING)
    columns = [Column("Person"), Column("Scores"), Column("Declarations")]
    members = await reads("leeds", panel_queries.members, bench.subject)
    html = part("scoring").progress_table(members, columns)
    assert html.count("Behind") == 3
    assert html.count("3 candidates to declare for") == 3
    assert "0 of 6 locked" in html
    await bench.all_declare()
    for points, who in ((1, "leeds"), (3, "leeds_too"), (4, "camden")):
        await bench.all_score(who, points)
        await bench.lock(who)
    await bench.move(PanelState.MODERATING)
    await bench.agree(0, 0, 3)
    rows = await reads("leeds", score_queries.moderation, bench.subject)
    columns = [Column(each) for each in ("Answer", "Range", "Median", "Scores", "Agreed")]
    html = part("scoring").moderation_table(rows, columns, href="/agree")
    assert html.count("1 to 4<br>3 apart") == 6
    assert html.count(">3.0<") == 6
    assert html.count("Not agreed yet") == 5
    assert html.count(BECAUSE) == 19
    assert html.count('href="/agree/') == 6
