"""What a sheet still lacks before a step: the codes of the criteria concerned, in the order of the table."""

from django.db.models import QuerySet

from campaigns.methods import METHODS, Filler
from scoring.models import Line, Scorecard
from scoring.models.sheets import OUTSIDE
from scoring.queries.sheets import confirmed_by_criterion

# What stood before a column, the nearest first.
BEFORE = {
    "approved": ("self_score",),
    "appraised": ("office_score", "approved_score"),
    "second": ("appraised_score",),
    "final": ("second_score", "appraised_score", "office_score", "approved_score"),
}
BY_OFFICE = [method.id for method in METHODS.values() if method.filler == Filler.OFFICE]


def _codes(lines: QuerySet[Line]) -> list[str]:
    return list(lines.order_by("criterion__position").values_list("criterion__code", flat=True))


def unscored(sheet: Scorecard) -> list[str]:
    """Without a self-score; of rows that are computed when all figures are closed, without figures."""
    lines = sheet.lines.filter(self_score__isnull=True, is_excluded=False)
    return _codes(lines.exclude(criterion__method__in=OUTSIDE)) + _codes(
        lines.filter(criterion__method__in=set(OUTSIDE) - set(BY_OFFICE), inputs={})
    )


def missing_evidence(sheet: Scorecard) -> list[str]:
    """With points and without the document they need, on the line or with a confirmed achievement."""
    rows = list(
        sheet.lines.filter(
            criterion__evidence_required=True,
            self_score__gt=0,
            is_excluded=False,
            evidence_links__isnull=True,
        ).values_list("criterion__code", "criterion_id")
    )
    confirmed = confirmed_by_criterion(sheet) if rows else {}
    return [
        code
        for code, criterion_id in rows
        if criterion_id not in confirmed or not confirmed[criterion_id].links
    ]


def changed_without_reason(sheet: Scorecard, column: str) -> list[str]:
    """Where a score differs from the one before it and nobody said why."""
    rows = sheet.lines.filter(**{f"{column}_score__isnull": False, f"{column}_reason": ""})
    names = [f"{column}_score", *BEFORE[column]]
    return [
        code
        for code, given, *before in rows.order_by("criterion__position").values_list(
            "criterion__code", *names
        )
        if given != next((score for score in before if score is not None), None)
    ]


def flagged(sheet: Scorecard) -> list[str]:
    """Marked for correction or explanation."""
    return _codes(sheet.lines.filter(is_flagged=True))


def not_explained(sheet: Scorecard) -> list[str]:
    return _codes(sheet.lines.filter(is_flagged=True, explanation=""))


def not_looked_at(sheet: Scorecard) -> list[str]:
    """Rows that a unit is in charge of and nobody has appraised yet."""
    return _codes(Line.objects.filter(scorecard=sheet).waiting_in_charge())


def without_office_score(sheet: Scorecard) -> list[str]:
    """Survey rows and rows against the leading unit that have no points yet."""
    return _codes(
        sheet.lines.filter(criterion__method__in=OUTSIDE, is_excluded=False, office_score__isnull=True)
    )
