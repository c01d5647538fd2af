"""What people are asked to look at: the pairs that matter, why, and nothing of what the records say."""

import json

import numpy as np
import pytest

from consilience.linkage.decisions import Decision, Verdict
from consilience.linkage.review import most_telling, review_line, sample
from consilience.linkage.run import link
from consilience.linkage.spec import LinkageSpec


@pytest.fixture(scope="module")
def result(people):
    return link(people, LinkageSpec())


def test_the_least_sure_pairs_come_first(result):
    order = most_telling(result)
    chance = result.probabilities[order]
    assert len(order) == len(set(order.tolist()))
    assert abs(chance[0] - 0.5) <= abs(chance[-1] - 0.5)


def test_a_line_filled_in_is_a_decision(result):
    line = review_line(result, int(most_telling(result)[0]))
    filled = {**line, "verdict": "positive", "author": "an analyst", "reason": "same father"}
    kept = {name: filled[name] for name in ("left", "right", "verdict", "author", "reason")}
    assert Decision.model_validate(kept).verdict is Verdict.POSITIVE


def test_decided_pairs_are_not_asked_again(people, result):
    line = review_line(result, int(most_telling(result)[0]))
    decision = Decision(left=line["left"], right=line["right"], verdict="positive", author="an analyst", reason="seen")
    again = link(people, LinkageSpec(), decisions=[decision])
    asked = [review_line(again, int(place)) for place in most_telling(again)]
    assert (line["left"], line["right"]) not in [(each["left"], each["right"]) for each in asked]


def test_explanations_hold_no_value_of_a_record(result, rows):
    text = json.dumps([review_line(result, place) for place in range(len(result.pairs.left))])
    assert "speaks for it" in text.lower()
    for row in rows:
        assert not any(value in text for value in row[2:] if value and len(value) > 2 and value != "Unknown")


def test_the_sample_to_label_stands_for_every_pair(result):
    lines = sample(result, each=2, rng=np.random.default_rng(1))
    assert sum(line["stands_for"] for line in lines) == pytest.approx(len(result.pairs.left), abs=0.01)
