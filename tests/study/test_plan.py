import pytest

from consilience.errors import StudyError, UsageError
from consilience.study.plan import load_study
from consilience.study.template import STUDY_TEMPLATE


def write(tmp_path, text=STUDY_TEMPLATE):
    path = tmp_path / "study.toml"
    path.write_text(text)
    return path


def test_the_template_is_a_right_study(tmp_path):
    study = load_study(write(tmp_path))
    assert study.release_id == "my-study-1.0"
    assert [name for name, _ in study.mappings()] == ["first"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[count]", "[cout]", "cout: unknown key. Did you mean count?"),
        ('version = "1.0"', 'version = "one"', "study.version"),
        ('title = { en = "What the release is called" }', 'title = "x"', "study.title"),
        ("indicators = [", "indicators = []\nfoo = [", "count.foo: unknown key"),
        ('mapping = "persons"', 'mapping = "../persons.toml"', "inside the study's folder"),
        ('mapping = "persons"', 'mapping = "/etc/passwd"', "inside the study's folder"),
        ('frequency = "month"', 'frequency = "monthly"', "count.frequency"),
        ("[sources.first]", "[sources.First]", "lower-case letters"),
        ("released_on = 2026-01-01", 'released_on = "soon"', "study.released_on"),
    ],
)
def test_each_fault_names_its_key(tmp_path, old, new, says):
    assert old in STUDY_TEMPLATE
    with pytest.raises(StudyError) as caught:
        load_study(write(tmp_path, STUDY_TEMPLATE.replace(old, new)))
    assert says in str(caught.value)


def test_a_file_given_wins_over_the_one_declared(tmp_path):
    given = tmp_path / "other.csv"
    given.write_text("x")
    assert load_study(write(tmp_path)).source_paths({"first": given}) == {"first": given}


def test_a_source_without_its_file_is_named(tmp_path):
    with pytest.raises(StudyError, match="The file of source first is not there"):
        load_study(write(tmp_path)).source_paths({})


def test_a_name_the_study_does_not_know_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no source called second"):
        load_study(write(tmp_path)).source_paths({"second": tmp_path})


def test_a_folder_of_standards_that_is_not_there_is_named(tmp_path):
    text = STUDY_TEMPLATE.replace(
        'licence = "CC-BY-4.0"\nreleased', 'licence = "CC-BY-4.0"\nstandards = "mine"\nreleased'
    )
    with pytest.raises(StudyError, match=r"study\.standards"):
        _ = load_study(write(tmp_path, text)).standards_folder
