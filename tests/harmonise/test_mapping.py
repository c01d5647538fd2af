import copy
import doctest
import re
import tomllib
from pathlib import Path

import pytest

from consilience.errors import MappingError
from consilience.harmonise import mapping as mapping_module
from consilience.harmonise.mapping import load_mapping, parse_mapping, ready_mappings, values_of

MAPPING = tomllib.loads((Path(__file__).parent / "data" / "visits.toml").read_text(encoding="utf-8"))


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mapping.md"


def test_the_example_runs():
    assert doctest.testmod(mapping_module).failed == 0


def test_the_example_of_the_reference_is_a_mapping():
    text = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert parse_mapping(tomllib.loads(text[1])).mapping == "prison_visits"


@pytest.mark.parametrize("name", sorted(ready_mappings()))
def test_every_ready_mapping_holds_and_names_only_what_is_there(name, registry):
    mapping = load_mapping(name)
    assert mapping.name == name
    for value in values_of(mapping):
        if value.crosswalk is not None:
            assert registry.crosswalk(value.crosswalk)


def test_every_fault_is_reported_at_once_with_near_matches():
    data = copy.deepcopy(MAPPING)
    data["act"][0]["violatoin"] = data["act"][0].pop("violation")
    data["event"]["kee"] = "x"
    with pytest.raises(MappingError) as caught:
        parse_mapping(data)
    text = str(caught.value)
    assert "Did you mean violation?" in text
    assert "Did you mean key?" in text
    assert "missing" in text


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"column": "a", "constant": "b"}, "exactly one of"),
        ({"cut": 3}, "exactly one of"),
        ({"column": "a", "values": {}, "crosswalk": "X"}, "at most one of"),
        ({"split": "a", "part": 0}, "part counts from 1"),
        ({"column": "a", "values": {"x": {"relation": "exact"}}}, "expected a code"),
        ({"column": "a", "lookup": "nowhere"}, "not given in"),
    ],
)
def test_a_value_that_contradicts_itself_is_refused(value, says):
    with pytest.raises(MappingError, match=says):
        parse_mapping({"mapping": "m", "version": "1", "act": [{"violation": value}]})


@pytest.mark.parametrize(
    "blocks",
    [
        {"act": [{"violation": "a"}, {"violation": "b"}]},
        {"act": [{"violation": "a", "victim": "nobody"}]},
        {"act": [{"violation": "a"}], "involvement": [{"act": ["none"]}]},
    ],
)
def test_blocks_need_names_that_hold(blocks):
    with pytest.raises(MappingError):
        parse_mapping({"mapping": "m", "version": "1", **blocks})


def test_the_digest_does_not_depend_on_layout(mapping):
    assert parse_mapping(dict(reversed(MAPPING.items()))).sha256 == mapping.sha256
    assert parse_mapping({**MAPPING, "version": "2"}).sha256 != mapping.sha256


def test_a_mapping_that_is_not_there_is_a_sentence():
    with pytest.raises(MappingError, match="no ready mapping called ucdp"):
        load_mapping("ucdp")


def test_a_code_that_the_shared_list_lacks_is_named_with_near_ones(importing):
    data = copy.deepcopy(MAPPING)
    data["act"][1]["violation"] = {"constant": "TORTUR"}
    with pytest.raises(MappingError, match="perhaps TORTURE"):
        importing("x\n1\n", parse_mapping({**data, "source": {"optional": list(_columns(data))}}))


def _columns(data):
    mapping = parse_mapping(data)
    return {name for value in values_of(mapping) for name in value.columns()}
