"""The form of annual ratings: one choice a person or collective, and what was shown when the page was opened."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from awards.models import AnnualRating
from awards.queries.ratings import Rated
from core.fields import TextFormField
from core.forms import PortalForm

CHOICES = [("", "Chưa xếp loại"), *AnnualRating.Grade.choices]


class UnitRatingsForm(PortalForm):
    basis = TextFormField(
        label="Căn cứ",
        max_length=200,
        required=False,
        help_text="Số, ngày văn bản kết quả xếp loại; ghi vào từng dòng được đổi.",
    )

    def __init__(
        self, *args: Any, people: Sequence[Rated], closed: Collection[int] = (), **kwargs: Any
    ) -> None:
        """``closed`` are those whom the writer may not rate: himself, the unit that he heads."""
        super().__init__(*args, **kwargs)
        self.people = people
        for one in people:
            grade = one.rating.grade if one.rating else ""
            self.fields[f"p{one.person.pk}"] = forms.ChoiceField(
                label=str(one.person),
                choices=CHOICES,
                required=False,
                initial=grade,
                disabled=one.person.pk in closed,
            )
            self.fields[f"s{one.person.pk}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=grade
            )

    @property
    def rows(self) -> list[tuple[Rated, Any, Any]]:
        """Each person with the choice and the hidden field of what was shown."""
        return [(one, self[f"p{one.person.pk}"], self[f"s{one.person.pk}"]) for one in self.people]

    @property
    def wanted(self) -> dict[int, str]:
        return {one.person.pk: self.cleaned_data[f"p{one.person.pk}"] for one in self.people}

    @property
    def seen(self) -> dict[int, str]:
        return {one.person.pk: self.cleaned_data[f"s{one.person.pk}"] for one in self.people}
