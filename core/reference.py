"""Reference data: YAML files that a clerk can read, written to the database by a loader that may run again and again.

A loader of an app (``<app>/reference.py``) reads with ``read``, writes with ``upsert`` and returns the list of
``Change`` objects, one for every item of the file::

    def load(folder: Path) -> list[Change]:
        changes = []
        for item in records(read(folder / "posts.yaml"), "posts"):
            _, change = upsert(Post, key={"code": item["code"]}, values={"name": item["name"]}, source=item)
            changes.append(change)
        return changes

Everything wrong with a file ends in ``ReferenceError`` with a Vietnamese sentence that names file and line.
The caller (``manage.py load_reference``) opens the transaction and rolls it back for ``--check``.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.db import models

from core.vietnamese import normalize

M = TypeVar("M", bound=models.Model)


class Record(dict):
    """A mapping of the file that remembers where it stands, so that a later complaint can say so."""

    path: Path | None = None
    line: int = 0

    @property
    def place(self) -> str:
        return f"{self.path.name}, dòng {self.line}" if self.path else ""


class ReferenceError(Exception):
    """Something is wrong with a reference file; the text is a sentence for the person who edits the file."""

    @classmethod
    def at(cls, source: Any, sentence: str) -> "ReferenceError":
        """The sentence with the place of the record (file, line) before it."""
        place = getattr(source, "place", "")
        return cls(f"{place}: {sentence}" if place else sentence)


@dataclass(frozen=True)
class Change:
    """What loading did with one item; ``what`` names it for the report."""

    kind: Literal["added", "changed", "unchanged"]
    what: str

    def __str__(self) -> str:
        words = {"added": "thêm mới", "changed": "thay đổi", "unchanged": "không đổi"}
        return f"{self.what}: {words[self.kind]}"


def read(path: Path) -> Any:
    """The content of a YAML file, read safely. Mappings are ``Record`` objects that know their line.

    Text is put into normal form C. Raises ``ReferenceError`` when the file is missing, is not UTF-8 or not YAML,
    or when a key stands twice in one mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ReferenceError(f"Không thấy tệp {path}.") from error
    except UnicodeDecodeError as error:
        raise ReferenceError(f"Tệp {path.name} không phải văn bản UTF-8.") from error
    except OSError as error:
        raise ReferenceError(f"Không đọc được tệp {path} ({error.strerror}).") from error
    loader = _Loader(text, path)
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", dòng {mark.line + 1}" if mark else ""
        raise ReferenceError(f"{path.name}{line}: không đọc được YAML ({error.problem or error}).") from error
    except yaml.YAMLError as error:
        raise ReferenceError(f"{path.name}: không đọc được YAML ({error}).") from error
    finally:
        loader.dispose()


def records(data: Any, key: str, *, required: tuple[str, ...] = ("code",)) -> list[Record]:
    """The list under ``key`` of a file's content; every item is a mapping with the ``required`` keys."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if not isinstance(found, list):
        raise ReferenceError.at(data, f"phải có danh sách “{key}”.")
    for item in found:
        if not isinstance(item, Record):
            raise ReferenceError.at(data, f"mỗi dòng của “{key}” phải là một nhóm khóa: giá trị.")
        missing = [name for name in required if item.get(name) in (None, "")]
        if missing:
            raise ReferenceError.at(item, f"thiếu {', '.join(missing)}.")
    return found


def upsert(
    model: type[M], *, key: Mapping[str, Any], values: Mapping[str, Any], source: Any = None
) -> tuple[M, Change]:
    """Make the row that ``key`` names, or bring it up to ``values``; the second time nothing changes.

    ``key`` and ``values`` are field names with Python values (a foreign key takes the instance). Values are checked
    by the model's own validation; ``source`` is the record of the file, for the place in a complaint.
    """
    row = model._default_manager.filter(**key).first()
    kind: Literal["added", "changed", "unchanged"] = "unchanged" if row else "added"
    if row is None:
        row = model(**key)
    try:
        for name, value in values.items():
            new = _clean(model, name, value, source)
            if row.pk is not None and getattr(row, name) != new:
                kind = "changed"
            setattr(row, name, new)
        if kind != "unchanged":
            row.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ReferenceError.at(source, f"{_name(model, key)}: {_sentence(error)}") from error
    if kind != "unchanged":
        row.save()
    return row, Change(kind, _name(model, key))


def _clean(model: type[models.Model], name: str, value: Any, source: Any) -> Any:
    """The value as the database will give it back, so that comparing says only what really differs."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ForeignKey) or value is None:
        return value
    try:
        cleaned = field.to_python(value)  # type: ignore[union-attr]
    except ValidationError as error:
        raise ReferenceError.at(source, f"{name}: giá trị “{value}” không hợp lệ.") from error
    return normalize(cleaned) if isinstance(cleaned, str) else cleaned


def _name(model: type[models.Model], key: Mapping[str, Any]) -> str:
    return f"{model._meta.verbose_name} {' / '.join(str(value) for value in key.values())}"


def _sentence(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(f"{name}: {' '.join(found)}" for name, found in error.message_dict.items())
    return " ".join(error.messages)


# libyaml reads ten times as fast as Python; where a build of PyYAML lacks it the slow one says the same.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """Safe YAML whose mappings remember their line and refuse a key that stands twice."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text)
        self.file = path


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Any:
    record = Record()
    record.path, record.line = loader.file, node.start_mark.line + 1
    yield record
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in record:
            raise yaml.constructor.ConstructorError(
                None, None, f"khóa “{key}” lặp lại hoặc không hợp lệ", key_node.start_mark
            )
        record[key] = loader.construct_object(value_node, deep=True)


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return normalize(loader.construct_scalar(node))


def _day(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """A day or a moment; one that the calendar does not have is told with its line."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(
            None, None, f"ngày không có thật: {node.value}", node.start_mark
        ) from error


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)
_Loader.add_constructor("tag:yaml.org,2002:str", _text)
