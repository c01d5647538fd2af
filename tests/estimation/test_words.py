import doctest

from consilience.estimation import words
from consilience.estimation.summary import Summary
from consilience.estimation.verdict import Finding, Verdict, Weight
from consilience.estimation.words import explain

SUMMARY = Summary(2000.0, 2050.0, (1900, 2100), (1800, 2300), (1600, 2600))


def test_the_example_in_the_module_runs():
    assert doctest.testmod(words).failed == 0


def test_a_usable_estimate_is_told_with_its_interval_and_its_untestable_assumption():
    text = explain(1000, "ABC", Verdict.USABLE, [], ("latent", SUMMARY))
    assert "between 1,600 and 2,600" in text
    assert "no data can test" in text
    assert "1,500 or 3,000" in text
    assert "caution" not in text


def test_cautions_are_told_in_full():
    finding = Finding("cap", Weight.CAUTION, "The upper end is set by the cap.")
    text = explain(1000, "ABC", Verdict.CAUTION, [finding], ("graphs", SUMMARY))
    assert "to be used with caution. The upper end is set by the cap." in text


def test_a_refusal_says_what_may_and_may_not_be_said_and_gives_no_estimate():
    bar = Finding("no_overlap", Weight.BAR, "Nobody stands on two lists.")
    text = explain(1000, "ABC", Verdict.UNSUPPORTED, [bar], None)
    assert "Nobody stands on two lists." in text
    assert "What may not be said" in text
    assert "2,000" not in text
