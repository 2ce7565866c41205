"""Checks a file's content against a JSON schema and says in Vietnamese what is wrong, and where. Pure.

A schema's ``$comment`` says what is expected there; the refusal quotes it. Mappings that know their place in a file
(``place``, ``line``) give it to the refusal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

TYPES = {
    "object": "một nhóm khóa: giá trị",
    "array": "một danh sách",
    "string": "chữ",
    "integer": "số nguyên",
    "boolean": "true hoặc false",
}
WHOLE_SENTENCES = {"oneOf", "not", "minProperties"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; ``where`` is the nearest mapping around it."""

    where: Any
    sentence: str

    @property
    def line(self) -> int:
        return getattr(self.where, "line", 0)

    def __str__(self) -> str:
        place = getattr(self.where, "place", "")
        return f"{place}: {self.sentence}" if place else self.sentence


def problems(data: Any, schema: Mapping[str, Any]) -> list[Problem]:
    """Everything that the schema refuses, in the order of the file; empty when the content is sound."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    errors = list(validator.iter_errors(plain(data)))
    strange = {tuple(one.absolute_path) for one in errors if one.validator == "additionalProperties"}
    found = {
        (str(problem), problem.line): problem
        for error in errors
        if not (error.validator == "oneOf" and tuple(error.absolute_path) in strange)
        for problem in [Problem(_nearest(data, error.absolute_path), _sentence(error))]
    }
    return sorted(found.values(), key=lambda one: one.line)


def plain(found: Any) -> Any:
    """The content as JSON knows it: keys are text, days are written out."""
    if isinstance(found, Mapping):
        return {_key(key): plain(one) for key, one in found.items()}
    if isinstance(found, list | tuple):
        return [plain(one) for one in found]
    return found.isoformat() if isinstance(found, date) else found


def as_day(found: date | str) -> date:
    """A day that may have been written in quotes; the schema has seen that it is one."""
    return found if isinstance(found, date) else date.fromisoformat(found)


def _key(key: Any) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _nearest(data: Any, path: Iterable[str | int]) -> Any:
    """The last mapping with a place on the way to the error."""
    nearest, here = data, data
    for step in path:
        if isinstance(here, Mapping):
            here = next((one for key, one in here.items() if _key(key) == step), None)
        elif isinstance(here, Sequence):
            here = here[int(step)]
        if hasattr(here, "place"):
            nearest = here
    return nearest


def _sentence(error: ValidationError) -> str:
    name = next((str(step) for step in reversed(error.absolute_path) if isinstance(step, str)), "tệp")
    comment = error.schema.get("$comment", "") if isinstance(error.schema, Mapping) else ""
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            extra = ", ".join(f"“{key}”" for key in error.instance if key not in known)
            return f"“{name}” không có {extra}; chỉ có {', '.join(known) or 'nhóm rỗng {}'}."
        case "required":
            missing = ", ".join(key for key in error.validator_value if key not in error.instance)
            return f"“{name}” thiếu {missing}."
        case validator if validator in WHOLE_SENTENCES:
            return f"“{name}”: {comment or 'thiếu nội dung'}."
        case "type":
            expected = comment or TYPES.get(str(error.validator_value), str(error.validator_value))
        case _:
            expected = comment or "một giá trị trong danh sách cho phép"
    return f"“{name}” ghi “{_shown(error.instance)}”, phải là {expected}."


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "trống", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, str | int | float) else "một nhóm"
