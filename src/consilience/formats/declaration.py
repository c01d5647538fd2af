"""Declarations: TOML files that people write by hand (studies, mappings), checked against a typed form.

Every fault is reported at once, each with file, key, what was found and what was expected; an unknown key names the
known key it resembles.
"""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from consilience.errors import ConsilienceError

Form = TypeVar("Form", bound=BaseModel)


def read_declaration(path: Path, form: type[Form], error: type[ConsilienceError]) -> Form:
    """Read the TOML file at `path` as a `form`.

    Args:
        path: the file.
        form: a pydantic model with `extra="forbid"`.
        error: the class of error to raise.

    Raises:
        ConsilienceError: of the class `error`, when the file is absent, is not TOML, or does not fit the form.
    """
    return parse_declaration(_toml(path, error), form, error, name=path.name)


def parse_declaration(data: Mapping[str, Any], form: type[Form], error: type[ConsilienceError], *, name: str) -> Form:
    """Read already parsed TOML as a `form`; `name` stands in the messages. Raises `error` with every fault."""
    try:
        return form.model_validate(data)
    except ValidationError as faults:
        lines = [_sentence(dict(fault), form) for fault in faults.errors(include_url=False)]
        head = f"{name} has {len(lines)} fault" + ("s" if len(lines) > 1 else "")
        raise error("\n  - ".join([f"{head}:", *lines])) from None


def _toml(path: Path, error: type[ConsilienceError]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise error(f"There is no file {path}", remedy="Check the path.") from None
    except IsADirectoryError:
        raise error(f"{path} is a folder", expected="a TOML file", remedy="Name the file inside it.") from None
    except UnicodeDecodeError as fault:
        raise error(
            f"{path.name} is not UTF-8 text",
            found=f"a foreign byte at offset {fault.start}",
            remedy="Save it as UTF-8.",
        ) from None
    except tomllib.TOMLDecodeError as fault:
        raise error(f"{path.name} is not TOML", found=str(fault), remedy="Mend the line that is named.") from None


def _sentence(fault: Mapping[str, Any], form: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in fault["loc"]) or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key.{_resembling(str(fault['loc'][-1]), form)}"
    if fault["type"] == "missing":
        return f"{where}: missing. Expected: a value."
    found = fault["input"]
    shown = f" Found: {found!r}." if isinstance(found, str | int | float | bool) else ""
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}.{shown}"


def _resembling(key: str, form: type[BaseModel]) -> str:
    near = difflib.get_close_matches(key, sorted(_keys(form, set())), n=1)
    return f" Did you mean {near[0]}?" if near else " Remove it, or look it up in the reference."


def _keys(form: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    if form in seen:
        return set()
    seen.add(form)
    names: set[str] = set()
    for name, field in form.model_fields.items():
        names.add(field.alias or name)
        for inner in _forms(field.annotation):
            names |= _keys(inner, seen)
    return names


def _forms(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [form for part in getattr(annotation, "__args__", ()) for form in _forms(part)]
