"""Comparisons: how alike two records are in each respect, as levels from "the same" down to "different".

Each comparison is a list of conditions in DuckDB's SQL, the first that holds counts (Splink's custom comparisons; Spark
gets them translated). Missing on either side says nothing. A level tells in words what was seen, for explanations, and
how often people who are the same are expected on it before the data have spoken (`m`).

>>> [each.name for each in comparisons_for({"given", "family", "birth_low", "sex", "city"}, {"city": "text"})]
['family', 'given', 'birth', 'sex', 'city']
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from consilience.engine.base import quote_identifier


@dataclass(frozen=True, slots=True)
class Level:
    """One level: the condition, what it says, the share of same people expected on it, the column whose rarity adds."""

    sql: str
    words: str
    m: float
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One respect in which records are compared.

    Attributes:
        name: what is compared.
        missing: when the comparison says nothing.
        levels: from the same to different.
        most_different: the largest share of same people who may differ here, whatever the data seem to say.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    most_different: float = 1.0

    def as_splink(self, m: list[float] | None = None, u: list[float] | None = None) -> dict[str, object]:
        """Return the settings Splink reads; `m` and `u` from the first level down, the expected ones where None."""
        count = len(self.levels)
        chosen_m = m or [level.m for level in self.levels]
        chosen_u = u or [1 / count] * count
        null = {"sql_condition": self.missing, "label_for_charts": "missing", "is_null_level": True}
        rest = [_splink_level(level, chosen_m[at], chosen_u[at]) for at, level in enumerate(self.levels)]
        return {"output_column_name": self.name.replace(":", "_").replace(" ", "_"), "comparison_levels": [null, *rest]}


def _splink_level(level: Level, m: float, u: float) -> dict[str, object]:
    form: dict[str, object] = {
        "sql_condition": level.sql, "label_for_charts": level.words, "m_probability": m, "u_probability": u,
    }  # fmt: skip
    if level.frequency:
        form |= {
            "tf_adjustment_column": level.frequency,
            "tf_adjustment_weight": 1.0,
            "tf_minimum_u_value": 0.0,
            "disable_tf_exact_match_detection": True,
        }
    return form


def _else(words: str, m: float) -> Level:
    return Level("ELSE", words, m)


def _alike(left: str, right: str, least: float) -> str:
    return f"jaro_winkler_similarity({left}, {right}) >= {least}"


def _one_slip(left: str, right: str, longer_than: int) -> str:
    return f"(length({left}) > {longer_than} AND levenshtein({left}, {right}) <= 1)"


def _elsewhere(key: str, other: str, given: AbstractSet[str]) -> str:
    """Return whether a part of one name stands anywhere in the other, by keys."""
    crossed = [f"{key}_l = {other}_key_r", f"{other}_key_l = {key}_r"] if other in given else []
    shared = [
        f"list_has_any(string_split({key}_l, ' '), name_keys_r)",
        f"list_has_any(name_keys_l, string_split({key}_r, ' '))",
    ]
    return f"({' OR '.join([*crossed, *shared])})"


def _name_part(part: str, other: str, words: str, given: AbstractSet[str]) -> Comparison:
    mine, theirs = f"{part}_l", f"{part}_r"
    sound, key = f"{part}_sound", f"{part}_key"
    same = f"{sound}_l = {sound}_r"
    if part == "given":
        same = f"({same} OR given_root_l = given_root_r)"
    near = f"({_alike(mine, theirs, 0.92)} OR {_one_slip(mine, theirs, 3)})"
    by_ear = f"((length({key}_l) > 2 AND {key}_l = {key}_r) OR {_one_slip(f'{sound}_l', f'{sound}_r', 4)})"
    long_enough = f"length({sound}_l) > 2 AND length({sound}_r) > 2"
    begins = f"({_alike(mine, theirs, 0.8)} OR ({long_enough} AND left({sound}_l, 3) = left({sound}_r, 3)))"
    elsewhere = f"the {words} stands elsewhere in the other name, or is part of it"
    levels = (
        Level(f"{mine} = {theirs}", f"the same {words}", 0.7, part),
        Level(same, f"the same {words} in another spelling, script or short form", 0.1),
        Level(near, f"nearly the same {words}", 0.08),
        Level(by_ear, f"a {words} that sounds alike", 0.03),
        Level(_elsewhere(key, other, given), elsewhere, 0.03),
        Level(begins, f"a {words} with a similar beginning", 0.03),
        _else(f"another {words}", 0.03),
    )
    return Comparison(part, f"{mine} IS NULL OR {theirs} IS NULL", levels, most_different=0.1)


def _middle() -> Comparison:
    initial = "left(middle_l, 1) = middle_r OR middle_l = left(middle_r, 1)"
    sounds = f"{_alike('middle_sound_l', 'middle_sound_r', 0.9)} OR middle_key_l = middle_key_r"
    words = "middle name or patronymic"
    levels = (
        Level("middle_l = middle_r", f"the same {words}", 0.7, "middle"),
        Level("middle_sound_l = middle_sound_r", f"the same {words} in another spelling or script", 0.1),
        Level(f"({sounds} OR {initial})", f"a similar {words}, or its initial", 0.1),
        _else(f"another {words}", 0.1),
    )
    return Comparison("middle", "middle_l IS NULL OR middle_r IS NULL", levels)


def _birth() -> Comparison:
    exact = "birth_text_l IS NOT NULL AND birth_text_r IS NOT NULL"
    both = "birth_low_l IS NOT NULL AND birth_low_r IS NOT NULL"
    wide = "greatest(birth_high_l - birth_low_l, birth_high_r - birth_low_r)"
    overlap = "birth_low_l <= birth_high_r AND birth_low_r <= birth_high_l"
    apart = "greatest(birth_low_l - birth_high_r, birth_low_r - birth_high_l)"
    turned = "concat(left(birth_text_l, 4), right(birth_text_l, 2), substr(birth_text_l, 5, 2)) = birth_text_r"
    edits = "levenshtein(birth_text_l, birth_text_r)"
    # Few edits first: the exchange of two digits costs ten times as much to look for.
    slips = f"CASE WHEN {edits} <= 2 THEN damerau_{edits} ELSE 9 END"
    rough = f"((birth_text_l IS NULL OR birth_text_r IS NULL) AND {both} AND {overlap}"
    levels = (
        Level("birth_text_l = birth_text_r", "born on the same day", 0.5, "birth_text"),
        Level(
            f"({exact} AND ({slips} = 1 OR {turned}))", "days of birth with one slip, or day and month exchanged", 0.1
        ),
        Level(f"({exact} AND {edits} <= 2)", "days of birth that differ in two digits", 0.03),
        Level(f"{rough} AND {wide} <= 800)", "ages or years of birth that agree within two years", 0.2),
        Level(f"{rough})", "ages or years of birth that agree roughly", 0.1),
        Level(f"({both} AND {apart} <= 400)", "births about a year apart", 0.03),
        Level(f"({both} AND {apart} <= 2000)", "births a few years apart", 0.02),
        _else("births far apart", 0.02),
    )
    unknown = [f"(birth_low_{side} IS NULL AND birth_text_{side} IS NULL)" for side in "lr"]
    return Comparison("birth", " OR ".join(unknown), levels)


def _date() -> Comparison:
    wide = "greatest(date_high_l - date_low_l, date_high_r - date_low_r)"
    overlap = "date_low_l <= date_high_r AND date_low_r <= date_high_l"
    apart = "greatest(date_low_l - date_high_r, date_low_r - date_high_l)"
    return Comparison(
        "date",
        "date_low_l IS NULL OR date_low_r IS NULL",
        (
            Level("date_text_l = date_text_r", "the same day", 0.45, "date_text"),
            Level(f"({overlap} AND {wide} <= 10)", "days that agree within ten days", 0.1),
            Level(f"({overlap} AND {wide} <= 31)", "the same month", 0.15),
            Level(f"({overlap})", "dates that agree roughly", 0.1),
            Level(f"({apart} <= 3)", "up to three days apart", 0.05),
            Level(f"({apart} <= 31)", "up to a month apart", 0.05),
            Level(f"({apart} <= 366)", "up to a year apart", 0.05),
            _else("dates far apart", 0.05),
        ),
    )


def _area() -> Comparison:
    region = [f"left(area_{side}, length(area_{side}) - 2)" for side in "lr"]
    siblings = f"(length(area_l) > 2 AND length(area_r) > 2 AND {region[0]} = {region[1]})"
    return Comparison(
        "area",
        "area_l IS NULL OR area_r IS NULL",
        (
            Level("area_l = area_r", "the same area", 0.6, "area"),
            Level("(starts_with(area_l, area_r) OR starts_with(area_r, area_l))", "one area within the other", 0.3),
            Level(siblings, "neighbouring areas of one region", 0.05),
            _else("different areas", 0.05),
        ),
    )


def _point() -> Comparison:
    rise = "power(sin(radians(latitude_r - latitude_l) / 2), 2)"
    run = "cos(radians(latitude_l)) * cos(radians(latitude_r)) * power(sin(radians(longitude_r - longitude_l) / 2), 2)"
    metres = f"(12742 * asin(sqrt(least(1.0, {rise} + {run}))))"
    steps = (
        (1, "within a kilometre", 0.4),
        (5, "within 5 km", 0.2),
        (25, "within 25 km", 0.2),
        (100, "within 100 km", 0.1),
    )
    levels = [Level(f"({metres} <= {far})", f"places {words}", m) for far, words, m in steps]
    return Comparison(
        "point", "latitude_l IS NULL OR latitude_r IS NULL OR longitude_l IS NULL OR longitude_r IS NULL",
        (*levels, _else("places far apart", 0.1)),
    )  # fmt: skip


def _sex() -> Comparison:
    levels = (Level("sex_l = sex_r", "the same sex", 0.97), _else("another sex", 0.03))
    return Comparison("sex", "sex_l IS NULL OR sex_r IS NULL", levels, most_different=0.06)


def _further(name: str, kind: str) -> Comparison:
    left, right = quote_identifier(f"{name}_l"), quote_identifier(f"{name}_r")
    words = name.rsplit(":", maxsplit=1)[-1].replace("_", " ")
    same = Level(f"{left} = {right}", f"the same {words}", 0.7 if kind != "category" else 0.9, name)
    near = f"({_alike(left, right, 0.92)} OR {_one_slip(left, right, 4)})"
    before_at = f"string_split({left}, '@')[1] = string_split({right}, '@')[1]"
    mail = f"({_alike(left, right, 0.92)} OR levenshtein({left}, {right}) <= 2)"
    nearly = {
        "text": (
            Level(near, f"nearly the same {words}", 0.15),
            Level(_alike(left, right, 0.8), f"a similar {words}", 0.05),
        ),
        "code": (Level(_one_slip(left, right, 2), f"a {words} that differs in one sign", 0.15),),
        "email": (
            Level(before_at, "the same e-mail name at another provider", 0.05),
            Level(mail, "nearly the same e-mail address", 0.15),
        ),
        "category": (),
    }[kind]
    rest = 1 - same.m - sum(level.m for level in nearly)
    return Comparison(name, f"{left} IS NULL OR {right} IS NULL", (same, *nearly, _else(f"another {words}", rest)))


def comparisons_for(columns: AbstractSet[str], kinds: Mapping[str, str]) -> tuple[Comparison, ...]:
    """Return the comparisons for the columns that standardised records have.

    Args:
        columns: the columns of `standardise`.
        kinds: further column to its kind.
    """
    given = set(columns)
    made: list[Comparison] = []
    if "family" in given:
        made.append(_name_part("family", "given", "family name", given))
    if "given" in given:
        made.append(_name_part("given", "family", "given name", given))
    fixed = {"middle": _middle, "birth_low": _birth, "date_low": _date, "area": _area, "latitude": _point, "sex": _sex}
    made += [make() for column, make in fixed.items() if column in given]
    return (*made, *[_further(name, kind) for name, kind in kinds.items() if name in given])
