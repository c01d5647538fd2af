"""Names in several scripts meet in sound and key."""

import pytest

from consilience.linkage.romanise import is_consonant_script, key_of, sound_of, tokens_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("محمد", "Mohammed"), ("عبد الرحمن", "Abdulrahman"), ("عبدالله", "Abdullah"), ("عبد الله", "Abdallah"),
     ("خالد", "Khaled"), ("فاطمة", "Fatima"), ("Юлия", "Yuliya"), ("Шевченко", "Shevchenko"), ("Łukasz", "Lukasz")],
)  # fmt: skip
def test_one_name_in_two_scripts_has_one_key(one, other):
    assert [key_of(word, coarse=True) for word in tokens_of(one)] == [
        key_of(word, coarse=True) for word in tokens_of(other)
    ]


def test_article_and_servant_are_written_together_or_apart_alike():
    assert {sound_of(*tokens_of(name)) for name in ("Abd al-Rahman", "Abdel Rahman", "AbdulRahman", "عبد الرحمن")} == {
        "bdrhmn"
    }


def test_chinese_and_korean_names_give_the_family_name_first():
    assert tokens_of("王小明") == ["wang", "xiaoming"]
    assert tokens_of("欧阳修")[0] == "ouyang"
    assert tokens_of("김민수")[0] == "gim"


def test_punctuation_and_accents_do_not_matter():
    assert tokens_of("O'Brien-Núñez") == ["obrien", "nunez"]


def test_a_script_the_romaniser_does_not_know_stays_as_it_is():
    private = "\ue000\ue001"
    assert tokens_of(private) == [private]
    assert sound_of(private) == private
    assert key_of(private) == private


def test_only_arabic_and_hebrew_leave_vowels_out():
    assert is_consonant_script("محمد")
    assert is_consonant_script("משה")
    assert not is_consonant_script("Звахорин Müller 王")
