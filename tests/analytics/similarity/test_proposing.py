"""What is proposed to whom, on generated truth: better than by category alone and than by chance."""

from __future__ import annotations

import random
from statistics import fmean

import pytest

from analytics.similarity.proposing import COMMON, Offered, ranked
from analytics.similarity.quality import first_ones

GROUPS = {f"c{number}": f"g{number // 3}" for number in range(12)}
FIRMS, CHALLENGES, TOPICS = 20, 120, 36
FILLER = [*sorted(COMMON)[:40], "council", "residents", "service", "people", "pilot", "staff", "year", "data"]


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bdfgklmnprstv") + draw.choice("aeiou") for _ in range(draw.randint(2, 4)))


def world(seed: int) -> tuple[list[Offered], list[Offered], list[int], list[int]]:
    """Invent firms and challenges, each about one of the topics: three topics to a category.

    Of 25 words a text takes 4 from the 20 of its topic, 3 from those that topics of its category share, and
    the rest are words that everybody uses. A quarter of the categories are said wrongly.
    """
    draw = random.Random(seed)
    own = [[_word(draw) for _ in range(20)] for _ in range(TOPICS)]
    shared = [[_word(draw) for _ in range(12)] for _ in range(len(GROUPS))]

    def text(topic: int) -> Offered:
        said = draw.sample(own[topic], 4) + draw.sample(shared[topic // 3], 3)
        said += [draw.choice(FILLER) for _ in range(18)]
        draw.shuffle(said)
        code = f"c{topic // 3}" if draw.random() > 0.25 else draw.choice(list(GROUPS))
        return Offered(" ".join(said), frozenset({code}))

    about_firms = [draw.randrange(TOPICS) for _ in range(FIRMS)]
    about = [draw.randrange(TOPICS) for _ in range(CHALLENGES)]
    return [text(each) for each in about_firms], [text(each) for each in about], about_firms, about


def measured(order, seeds=range(3)) -> tuple[float, float]:
    """Return the means of nDCG@10 and recall@10 over firms of three invented worlds."""
    found = []
    for seed in seeds:
        firms, challenges, about_firms, about = world(seed)
        for firm, topic in zip(firms, about_firms, strict=True):
            relevant = [index for index, each in enumerate(about) if each == topic]
            quality = first_ones(order(firm, challenges, random.Random(seed)), relevant)
            if quality:
                found.append((quality.ndcg_at_k, quality.recall_at_k))
    return fmean(each[0] for each in found), fmean(each[1] for each in found)


def _ours(firm, challenges, _draw):
    return [each.index for each in ranked(firm, challenges, GROUPS)]


def _by_category(firm, challenges, draw):
    order = list(range(len(challenges)))
    draw.shuffle(order)
    return sorted(order, key=lambda index: not firm.categories & challenges[index].categories)


def _by_chance(_firm, challenges, draw):
    order = list(range(len(challenges)))
    draw.shuffle(order)
    return order


def test_proposals_beat_the_category_alone_and_chance():
    ours, category, chance = measured(_ours), measured(_by_category), measured(_by_chance)
    # docs/challenges.md states these figures.
    assert ours == pytest.approx((0.80, 0.90), abs=0.005)
    assert category == pytest.approx((0.38, 0.52), abs=0.005)
    assert chance == pytest.approx((0.05, 0.08), abs=0.005)
    for better, worse in ((ours, category), (category, chance)):
        assert better[0] > worse[0] + 0.1
        assert better[1] > worse[1] + 0.1


def test_nothing_is_left_out_and_the_reason_is_in_both_texts():
    firms, challenges, *_ = world(7)
    found = ranked(firms[0], challenges, GROUPS)
    assert sorted(each.index for each in found) == list(range(CHALLENGES))
    assert [each.points for each in found] == sorted((each.points for each in found), reverse=True)
    for each in found[:10]:
        for word in each.shared:
            assert word in firms[0].text.split()
            assert word in challenges[each.index].text.split()


def test_a_text_without_a_word_in_common_is_not_proposed():
    asked = Offered("Sensors find damp in walls", frozenset({"c0"}))
    other = Offered("Quick payroll", frozenset({"c11"}))
    near = Offered("Quick payroll", frozenset({"c1"}))
    alike = Offered("Walls with damp, and sensors for it", frozenset({"c11"}))
    found = {each.index: each for each in ranked(asked, [other, near, alike], GROUPS)}
    assert not found[0].worth_a_look
    assert (found[1].category, found[1].worth_a_look) == ("sibling", False)
    assert found[1].points > found[0].points
    assert found[2].shared[:3] == ("damp", "sensors", "walls")
    assert found[2].points > found[1].points
