"""Writing a confirmed sheet, of earlier honours or of a year's ratings: what was shown, all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import rules
from django.db import IntegrityError, transaction

from awards.actions.ratings import CHANGED_MEANWHILE, import_ratings
from awards.actions.ratings import PERMISSION as RATES
from awards.actions.register import PERMISSION, set_keys
from awards.models import HistoryImport, Honour, Review
from awards.queries.register import reviews_beside
from core import clock
from core.journal import record, record_many
from core.models import StoredFile
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock

WRITTEN = ("created", "changed")


class Row(Protocol):
    @property
    def outcome(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Plan(Protocol):
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def digest(self) -> str: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


@transaction.atomic
def receive(
    file: StoredFile,
    *,
    by: Any,
    counts: Mapping[str, int],
    kind: str = HistoryImport.Kind.HONOURS,
    year: int | None = None,
) -> HistoryImport:
    """Keep an uploaded sheet that could be read; nothing of it is written yet."""
    _demand(by, kind)
    one = HistoryImport.objects.create(file=file, uploaded_by=by, summary=dict(counts), kind=kind, year=year)
    record(one, "uploaded", by=by, label=f"Tải lên tệp {TARGETS[kind].what} {file.name}"[:200])
    return one


@transaction.atomic
def apply(
    one: HistoryImport,
    *,
    plan: Callable[[], Plan],
    shown: str,
    by: Any,
    without_refused: bool = False,
    reason: str = "",
) -> Mapping[str, int]:
    """Plan again against the data of this moment, and write only if the outcome is the one that was shown.

    ``reason`` says why honours come from a sheet although a review of the portal decides on such."""
    target = TARGETS[one.kind]
    _demand(by, one.kind)
    lock(one)
    if one.applied_at:
        raise AlreadyDone("Tệp này đã được nhập.")
    made = plan()
    if made.digest != shown:
        raise Refused(CHANGED_MEANWHILE)
    if made.counts.get("refused") and not without_refused:
        raise Refused(
            "Có dòng bị từ chối. Hãy đánh dấu đồng ý bỏ qua các dòng đó, hoặc sửa tệp rồi tải lên lại."
        )
    if not any(made.counts.get(outcome) for outcome in WRITTEN):
        raise Refused("Không có dòng nào mới để ghi.")
    target.write(made.rows, by=by, source=one.file.name, reason=reason)
    one.applied_at, one.summary = clock.now(), dict(made.counts)
    one.save(update_fields=["applied_at", "summary"])
    record(
        one,
        "applied",
        by=by,
        label=f"Nhập {target.what} từ tệp {one.file.name}"[:200],
        comment=normalize(reason),
        data=dict(made.counts),
    )
    return made.counts


def beside(rows: Iterable[Row]) -> dict[Review, int]:
    """How many of the new rows are of what which review of the portal decides on."""
    new = [row.facts for row in rows if row.outcome == "created"]
    reviews = reviews_beside(new)
    keys = [(one["award"].pk, one["year"], one["occasion"]) for one in new]
    return dict(Counter(reviews[key] for key in keys if key in reviews))


@transaction.atomic
def write(rows: Sequence[Row], *, by: Any, source: str, reason: str = "") -> int:
    """The new rows of a plan; ``by`` is None for a command of the technician. One journal line an honour.

    What a review of the portal decides enters by its decision: beside it from a sheet only with a reason, as by hand.
    """
    kept, reviews = normalize(reason), beside(rows)
    if reviews and not kept:
        names = ", ".join(f"“{one}”: {count} dòng" for one, count in reviews.items())
        raise Refused(
            f"Tệp có khen thưởng thuộc đợt bình xét trên cổng ({names}): khen thưởng của đợt vào Sổ khi ghi quyết định"
            " đã ký. Nếu vẫn nhập từ tệp, hãy ghi lý do."
        )
    honours = []
    for row in rows:
        if row.outcome == "created":
            honour = Honour(source=Honour.Source.IMPORTED, entered_by=by, **row.facts)
            set_keys(honour)
            honours.append(honour)
    try:
        with transaction.atomic():
            Honour.objects.bulk_create(honours, batch_size=500)
    except IntegrityError as error:  # somebody wrote one of them since the plan was made
        raise Refused(CHANGED_MEANWHILE) from error
    record_many(honours, "import", by=by, label="Nhập vào Sổ khen thưởng từ tệp", comment=_why(source, kept))
    return len(honours)


def _why(source: str, reason: str) -> str:
    return f"{source}\nLý do nhập ngoài đợt: {reason}" if reason else source


@transaction.atomic
def write_ratings(rows: Sequence[Row], *, by: Any, source: str, reason: str = "") -> int:
    """The new and changed classes of a plan; each is compared under its lock with what the preview showed."""
    wanted = [row.facts for row in rows if row.outcome in WRITTEN]
    try:
        with transaction.atomic():
            return import_ratings(wanted, by=by, source=source)
    except IntegrityError as error:  # somebody rated one of them since the plan was made
        raise Refused(CHANGED_MEANWHILE) from error


class Write(Protocol):
    def __call__(self, rows: Sequence[Row], *, by: Any, source: str, reason: str = "") -> int: ...


@dataclass(frozen=True)
class Target:
    """What a kind of sheet is written into, and who may."""

    what: str
    permission: str
    refusal: str
    write: Write


TARGETS: dict[str, Target] = {
    HistoryImport.Kind.HONOURS: Target(
        "khen thưởng", PERMISSION, "Chỉ Văn phòng Sở nhập Sổ khen thưởng.", write
    ),
    HistoryImport.Kind.RATINGS: Target(
        "xếp loại năm", RATES, "Chỉ Văn phòng Sở ghi xếp loại năm.", write_ratings
    ),
}


def _demand(by: Any, kind: str) -> None:
    if not rules.has_perm(TARGETS[kind].permission, by):
        raise Refused(TARGETS[kind].refusal)
