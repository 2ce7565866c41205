"""What a criterion would give with the parameters as they are typed now: examples, one's own figures, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from campaigns.forms.nodes import CriterionForm, GroupForm
from campaigns.methods import EXAMPLES, GROUPS, Field, describe
from campaigns.methods.samples import Sample, asked, group_samples, samples, tried
from core.fields import DecimalFormField

PREFIX = "thu-"  # of the boxes for one's own figures; no act reads them


@dataclass(frozen=True)
class Box:
    """One box for a figure of one's own. ``options`` are value, label, chosen."""

    name: str
    label: str
    value: str
    measure: str = ""
    options: list[tuple[str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """The panel beside the parameters. With ``is_example`` nothing was typed yet, and usual parameters are shown."""

    name: str
    words: str
    problems: list[str]
    samples: list[Sample]
    boxes: list[Box]
    own: Sample | None = None
    is_example: bool = False


def trial_of(form: CriterionForm | GroupForm, typed: Mapping[str, str]) -> Trial | None:
    """``typed`` holds one's own figures. A group that only adds up has nothing to try."""
    if isinstance(form, GroupForm):
        return _of_group(form)
    method = form.chosen
    params, problems, is_blank = form.tried()
    if is_blank or (problems and "show" in typed):  # another method was chosen just now
        is_blank = True
        params, problems = EXAMPLES[method.id], []
    if problems:
        return Trial(method.name, "", problems, [], [])
    boxes = [_box(one, typed.get(PREFIX + one.name, "")) for one in asked(method.id, params)]
    own = _own(method.id, params, boxes) if any(box.value for box in boxes) else None
    words = describe(method.id, params)
    return Trial(method.name, words, [], samples(method.id, params), boxes, own, is_blank)


def _of_group(form: GroupForm) -> Trial | None:
    rule, params, points, problems = form.tried()
    if not rule:
        return None
    shown = [] if problems else group_samples(rule, params, points)
    return Trial(GROUPS[rule].name, "" if problems else describe(rule, params), problems, shown, [])


def _box(one: Field, value: str) -> Box:
    options = [(key, label, key == value) for key, label in one.choices]
    return Box(PREFIX + one.name, one.label, value, one.measure, options)


def _own(method_id: str, params: Mapping[str, Any], boxes: list[Box]) -> Sample:
    inputs = {box.name.removeprefix(PREFIX): _figure(box) for box in boxes}
    return tried(method_id, params, inputs)


def _figure(box: Box) -> str:
    """As the sheet would keep it; what is no number stays as typed and the method says so."""
    if box.options or not box.value:
        return box.value
    try:
        value = DecimalFormField(max_digits=20, decimal_places=6).clean(box.value)
    except forms.ValidationError:
        return box.value
    return f"{value:f}"
