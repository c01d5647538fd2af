"""Faults of meaning: what a well-formed data file says that cannot be so.

Each function yields every fault. `languages` are the languages that labels owe to their users: the six of the United
Nations for what is shipped; where none is named, one language is enough, whichever it is.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from consilience.standards.codelist import Code, Codelist
from consilience.standards.crosswalk import Crosswalk, Relation
from consilience.standards.crosswalk import Mapping as CodeMapping
from consilience.standards.faults import Fault
from consilience.standards.indicator import FILTER_CODELISTS, Indicator
from consilience.standards.lifecycle import ALLOWED, State, naming_faults

UN_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
DISAGGREGATIONS = frozenset({"AREA", "PERIOD", "SEX", "AGE"})

FindCodelist = Callable[[str], Codelist | None]


def check_codelist(codelist: Codelist, file: str, languages: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yield the faults of a codelist: doubled codes, missing parents, circles, dates the wrong way, missing labels."""
    yield from _missing_languages(codelist.names, file, "names", languages)
    counts = Counter(code.id for code in codelist.codes)
    for at, code in enumerate(codelist.codes, 1):
        key = f"codes[{at}] {code.id}"
        if counts[code.id] > 1:
            yield Fault(file, f"{key}.id", code.id, "each code once")
        yield from _missing_languages(code.labels, file, f"{key}.labels", languages)
        yield from _check_code(code, file, key)
        yield from _check_parent(code, codelist, file, key)


def _check_code(code: Code, file: str, key: str) -> Iterator[Fault]:
    if code.valid_from and code.valid_to and code.valid_to < code.valid_from:
        yield Fault(file, f"{key}.valid_to", str(code.valid_to), f"a day from {code.valid_from} on")
    if code.low is not None and code.high is not None and code.high < code.low:
        yield Fault(file, f"{key}.high", str(code.high), f"{code.low} or more")


def _check_parent(code: Code, codelist: Codelist, file: str, key: str) -> Iterator[Fault]:
    if code.parent is None:
        return
    if code.parent not in codelist:
        yield Fault(file, f"{key}.parent", code.parent, "a code of the same list")
    elif _in_a_circle(code, codelist):
        yield Fault(file, f"{key}.parent", code.parent, "a parent that does not lead back to the code")


def _in_a_circle(code: Code, codelist: Codelist) -> bool:
    seen: set[str] = set()
    each: Code | None = code
    while each is not None and each.parent is not None:
        if each.id in seen:
            return True
        seen.add(each.id)
        each = codelist.get(each.parent)
    return False


def check_crosswalk(crosswalk: Crosswalk, file: str, find: FindCodelist) -> Iterator[Fault]:
    """Yield the faults of a crosswalk: wrong or missing targets, certainties off the scale, unknown codes."""
    if not crosswalk.author.strip():
        yield Fault(file, "author", "nothing", "the person or body that answers for it")
    source, target = find(crosswalk.source.name), find(crosswalk.target.name)
    for at, mapping in enumerate(crosswalk.mappings, 1):
        key = f"mappings[{at}] {mapping.local}"
        yield from _check_mapping(mapping, file, key)
        if source is not None and mapping.local not in source:
            yield Fault(file, f"{key}.local", mapping.local, f"a code of {source.id}")
        if target is not None and mapping.target is not None and mapping.target not in target:
            yield Fault(file, f"{key}.target", mapping.target, f"a code of {target.id}")
        if len(crosswalk.of(mapping.local)) > 1 and mapping.relation is not Relation.PARTIAL:
            yield Fault(file, f"{key}.relation", mapping.relation, "partial, as the code has several mappings")


def _check_mapping(mapping: CodeMapping, file: str, key: str) -> Iterator[Fault]:
    if mapping.relation.has_target and not mapping.target:
        yield Fault(file, f"{key}.target", "nothing", f"a target, as the relation is {mapping.relation}")
    if not mapping.relation.has_target and mapping.target is not None:
        yield Fault(file, f"{key}.target", mapping.target, f"no target, as the relation is {mapping.relation}")
    if mapping.certainty is not None and not 0 <= mapping.certainty <= 1:
        yield Fault(file, f"{key}.certainty", str(mapping.certainty), "0 to 1")


def check_indicator(
    indicator: Indicator, file: str, find: FindCodelist, languages: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """Yield the faults of an indicator: unknown codes, empty texts, breakdowns or steps of life that do not exist."""
    yield from _missing_languages(indicator.names, file, "names", languages)
    for name in ("right", "attribute", "definition", "rationale", "method", "limitations"):
        yield from _missing_languages(getattr(indicator, name), file, name, ("en",) if languages else ())
    for name in ("sources", "references"):
        if not getattr(indicator, name):
            yield Fault(file, name, "nothing", "at least one entry")
    for each in indicator.disaggregation:
        if each not in DISAGGREGATIONS:
            yield Fault(file, "disaggregation", each, " or ".join(sorted(DISAGGREGATIONS)))
    yield from _check_filter(indicator, file, find)
    yield from _check_life(indicator, file)


def _check_filter(indicator: Indicator, file: str, find: FindCodelist) -> Iterator[Fault]:
    for name, list_id in FILTER_CODELISTS.items():
        codelist = find(list_id)
        for code in getattr(indicator.filter, name):
            if codelist is not None and code not in codelist:
                yield Fault(file, f"filter.{name}", code, f"a code of {list_id}")
    low, high = indicator.filter.age_from, indicator.filter.age_to
    if low is not None and high is not None and high < low:
        yield Fault(file, "filter.age_to", str(high), f"{low} or more")


def _check_life(indicator: Indicator, file: str) -> Iterator[Fault]:
    state, last = State.DRAFT, None
    for at, step in enumerate(indicator.transitions, 1):
        key = f"transitions[{at}]"
        if step.before is not state:
            yield Fault(file, f"{key}.before", step.before, state)
        if step.after not in ALLOWED[step.before]:
            yield Fault(file, f"{key}.after", step.after, " or ".join(ALLOWED[step.before]) or "no further step")
        for fault in naming_faults(step, after=last):
            yield Fault(file, key, fault, "person, time and reason")
        state, last = step.after, step.at


def _missing_languages(texts: Mapping[str, str], file: str, key: str, languages: tuple[str, ...]) -> Iterator[Fault]:
    if not languages and not any(text.strip() for text in texts.values()):
        yield Fault(file, key, "nothing", "a text in at least one language")
    for language in languages:
        if not texts.get(language, "").strip():
            yield Fault(file, f"{key}.{language}", "nothing", "a text")
