"""Federated tables: same bytes, few nodes refused, budgets spent, and free questions are not answered."""

import numpy as np
import pytest

from consilience.disclosure.budget import Budget, Spent
from consilience.disclosure.federated import FederationRules, NamedTable, TableService, combine
from consilience.disclosure.rounding import round_to
from consilience.errors import DisclosureRefused, UsageError

TABLE = NamedTable("acts-by-area", ("area",), (("N", "S", "_T"),))


def _service(granted=3.0):
    service = TableService({TABLE.name: TABLE}, Budget({}, default=granted))
    service.publish(TABLE.name, b"area,n\nN,10\n")
    return service


def test_the_same_request_gets_the_same_bytes():
    service = _service()
    assert service.answer("partner", TABLE.name) == service.answer("partner", TABLE.name)


def test_a_published_table_cannot_be_changed_under_its_name():
    service = _service()
    service.publish(TABLE.name, b"area,n\nN,10\n")
    with pytest.raises(UsageError, match="published already"):
        service.publish(TABLE.name, b"area,n\nN,11\n")


def test_a_question_that_is_no_named_table_is_refused():
    with pytest.raises(DisclosureRefused, match="Only named tables"):
        _service().answer("partner", "acts where area = 'N' and age = 34")


def test_the_budget_of_each_requester_and_table_is_spent_and_never_refilled():
    service = _service(granted=2.0)
    service.answer("a", TABLE.name)
    service.answer("a", TABLE.name)
    service.answer("b", TABLE.name)
    with pytest.raises(DisclosureRefused, match="never refilled"):
        service.answer("a", TABLE.name)


def test_spendings_read_back_from_a_ledger_count():
    budget = Budget({"x": 1.0}, spent=[Spent("x", 0.75, 0.25)])
    assert budget.left("x") == 0.25
    with pytest.raises(DisclosureRefused):
        budget.spend("x", 0.5)
    with pytest.raises(UsageError):
        budget.spend("x", -1.0)


def test_a_sum_needs_enough_nodes_and_none_too_large():
    rules = FederationRules(nodes=3, share=0.8)
    a, b, c = {("N",): 10, ("S",): 90}, {("N",): 12, ("S",): 5}, {("N",): 9, ("S",): 5}
    assert combine([a, b, c], rules) == {("N",): 31, ("S",): None}
    assert combine([a, b], rules) == {("N",): None, ("S",): None}
    assert combine([a, b, {("N",): None, ("S",): 5}], rules)[("N",)] is None


def test_a_reader_of_named_tables_guesses_no_better_than_chance():
    """The attack of free predicates, with what the service offers: fixed tables, rounded, each asked once.

    5,000 people, 24 traits, 300 targets. The attacker knows every trait of a target but one, and asks for the table
    nearest to what a difference would need: all of the target's group, with and without the secret trait. He may ask
    for it as often as his budget lets him; the bytes are the same.
    """
    rng = np.random.default_rng(5)
    people = rng.random((5000, 24)) < 0.5
    targets = rng.choice(5000, 300, replace=False)
    right = 0.0
    for target in targets:
        known = rng.choice(23, 2, replace=False)
        group = (people[:, known] == people[target, known]).all(axis=1)
        with_trait = round_to(np.array([(people[group, 23]).sum()]), 10)[0]
        without = round_to(np.array([(~people[group, 23]).sum()]), 10)[0]
        guess = 0.5 if with_trait == without else float((with_trait > without) == people[target, 23])
        right += guess
    assert right / len(targets) <= 0.55


def test_the_attack_succeeds_where_free_predicates_are_answered():
    """The same attacker, if he may ask any predicate twice, with and without the target: why nobody may."""
    rng = np.random.default_rng(5)
    people = rng.random((5000, 24)) < 0.5
    right = 0
    for target in rng.choice(5000, 300, replace=False):
        votes = []
        for _ in range(20):
            group = rng.random(5000) < 0.1
            group[target] = True
            without = group.copy()
            without[target] = False
            votes.append(
                round_to(np.array([people[group, 23].sum()]), 5)[0]
                - round_to(np.array([people[without, 23].sum()]), 5)[0]
            )
        right += bool(any(votes)) == people[target, 23]
    assert right / 300 > 0.9
