"""The specification of a linkage: which columns, what aim, which sources are known to be free of duplicates.

Everything has a default; an empty specification is a good one. In TOML:

    aim = "f1"                     # or "precision" or "recall", then with a target
    target = 0.99
    seed = 20260101

    [columns]                      # a column's name = what it holds; "ignore" leaves it out
    "Nom du detenu" = "name"
    "Matricule" = "id_number"

    [kinds]                        # how a further column is compared: text, code, email, category
    "Prison" = "category"

    [sources.register]             # a file's name without its ending
    id = "Dossier"                 # the column that names its records
    deduplicated = true            # it holds nobody twice

>>> parse_spec({"aim": "precision", "target": 0.99}).target
0.99
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from consilience.errors import StudyError


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSpec(_Form):
    """What is known of one source."""

    id: str | None = None
    deduplicated: bool = False


class LinkageSpec(_Form):
    """A specification.

    Attributes:
        aim: what the threshold is chosen for: the best F1, or a precision or recall of at least `target`.
        target: the precision or recall that is wanted.
        threshold: a probability fixed by hand, instead of an aim.
        calibrate: whether labels, where there are any, choose the threshold for the aim.
        columns: column to role, or to "ignore".
        kinds: column to text, code, email or category.
        sources: what is known of single sources.
        seed: seed of every random step.
        training_pairs: at most this many pairs train the weights.
        block_limit: records that share a blocking key beyond this number are not compared by this key alone.
        pairs_per_record: blocking rules are taken while they add at most this many pairs per record.
    """

    aim: Literal["f1", "precision", "recall"] = "f1"
    target: float | None = Field(default=None, gt=0, lt=1)
    threshold: float | None = Field(default=None, gt=0, lt=1)
    calibrate: bool = False
    columns: Mapping[str, str] = Field(default_factory=dict)
    kinds: Mapping[str, Literal["text", "code", "email", "category"]] = Field(default_factory=dict)
    sources: Mapping[str, SourceSpec] = Field(default_factory=dict)
    seed: int = Field(default=1, ge=0)
    training_pairs: int = Field(default=300_000, ge=1_000)
    block_limit: int = Field(default=300, ge=2)
    pairs_per_record: float = Field(default=40.0, gt=0)

    @model_validator(mode="after")
    def _aim_has_target(self) -> "LinkageSpec":
        if self.aim != "f1" and self.target is None:
            raise ValueError("an aim of precision or recall needs a target")
        return self


def parse_spec(form: Mapping[str, Any]) -> LinkageSpec:
    """Check a specification.

    Raises:
        StudyError: a key is unknown or a value does not fit.
    """
    try:
        return LinkageSpec.model_validate(form)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise StudyError(
            "The linkage specification cannot be used",
            found=f"{where}: {first['msg']}",
            expected="the keys that docs/reference/linkage.md lists",
            remedy="Correct it and run again.",
        ) from None


def load_spec(path: Path) -> LinkageSpec:
    """Read a specification from a TOML file.

    Raises:
        StudyError: it cannot be read or does not fit.
    """
    try:
        return parse_spec(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise StudyError(
            f"{path.name} is no linkage specification", found=type(fault).__name__, expected="TOML in UTF-8"
        ) from None
