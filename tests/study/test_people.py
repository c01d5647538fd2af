"""The invented coalition with linked people: fewer people than records, nearly the true number, the same again."""

import csv
import json
from collections import defaultdict

import pytest

from consilience.demo.coalition import make_coalition
from consilience.errors import StudyError
from consilience.ledger.note import Signer
from consilience.publishing.logged import Seal
from consilience.study.plan import load_study
from consilience.study.recompute import recompute_release
from consilience.study.run import run_study

SIGNER = Signer.from_seed("example.org/tests", bytes(32))
LINKED = '\n[linkage]\n\n[estimation]\nindicators = ["KILLINGS", "DISAPPEARANCES"]\nmethods = ["graphs"]\n'


@pytest.fixture(scope="module")
def coalition(tmp_path_factory):
    return make_coalition(tmp_path_factory.mktemp("coalition"), records=1000)


def run(coalition, name, more, overlap):
    text = coalition.study.read_text(encoding="utf-8")
    head = text[: text.index("[linkage]")] if "[linkage]" in text else text
    path = coalition.folder / f"{name}.toml"
    lines = [f'overlap = "{overlap}"' if line.startswith("overlap") else line for line in head.splitlines()]
    path.write_text("\n".join(lines) + "\n" + more, encoding="utf-8")
    folder = coalition.folder / name
    seal = Seal(SIGNER, folder / "ledger")
    return run_study(load_study(path), {}, out=folder / "release", private=folder / "private", seal=seal)


@pytest.fixture(scope="module")
def linked(coalition):
    return run(coalition, "linked", LINKED, "linked")


def table(made, name):
    with (made.release / "data" / f"{name}.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def cells(made, name, indicator="KILLINGS"):
    """The figures of the whole country by period: one number a list."""
    found = defaultdict(list)
    for row in table(made, name):
        if (row["INDICATOR"], row["REF_AREA"], row["SEX"], row["AGE"]) == (indicator, "XV", "_T", "_T"):
            found[row["TIME_PERIOD"]].append(int(row["OBS_VALUE"]))
    return found


def test_records_become_nearly_the_true_number_of_people(coalition, linked):
    truth = json.loads((coalition.truth / "truth.json").read_text())
    people = truth["people"] - truth["undocumented"]
    found = json.loads((linked.release / "release.json").read_text())["linkage"]
    assert found["records"] > found["entities"]
    assert abs(found["entities"] - people) < 0.05 * people


def test_a_person_on_several_lists_counts_once(linked):
    by_list = cells(linked, "by_source")
    people = sum(sum(values) for values in cells(linked, "observations").values())
    assert people < sum(sum(values) for values in by_list.values())
    assert people > max(sum(values[n] for values in by_list.values() if n < len(values)) for n in range(5))


def test_estimates_stand_in_a_table_with_their_words(linked):
    rows = {row["INDICATOR"]: row for row in table(linked, "estimates")}
    assert set(rows) == {"KILLINGS", "DISAPPEARANCES"}
    for row in rows.values():
        assert row["WORDS"]
        assert (row["OBS_VALUE"] == "") is (row["VERDICT"] == "not supported")
    note = (linked.release / "method" / "method.md").read_text(encoding="utf-8")
    assert "How many nobody recorded" in note
    assert "The same person on several lists" in note


def test_linked_figures_come_out_again_to_the_byte(linked):
    assert [check for check in recompute_release(linked.release, linked.snapshot) if not check.holds] == []


def test_who_was_linked_with_whom_is_not_published(linked):
    published = [path for path in linked.release.rglob("*") if path.is_file() and path.suffix in {".csv", ".json"}]
    assert [path.name for path in published if b"entity_id" in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("more", "overlap", "says"),
    [
        ("", "linked", "does not say how they are linked"),
        ('\n[estimation]\nindicators = ["KILLINGS"]\n', "unknown", "does not say how they are linked"),
        ('\n[linkage]\n\n[estimation]\nindicators = ["CENSORSHIP"]\n', "linked", "cannot be estimated"),
        ("\n[linkage]\naim = 'luck'\n", "linked", "linkage specification"),
    ],
)
def test_what_cannot_be_linked_or_estimated_is_named(coalition, more, overlap, says):
    with pytest.raises(StudyError, match=says):
        run(coalition, "wrong", more, overlap)
