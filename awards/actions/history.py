"""Writing a confirmed sheet of earlier honours: what was shown, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import rules
from django.db import IntegrityError, transaction

from awards.actions.register import PERMISSION, set_keys
from awards.models import HistoryImport, Honour
from core import clock
from core.journal import record, record_many
from core.models import StoredFile
from core.workflow import AlreadyDone, Refused, lock

CHANGED_MEANWHILE = "Dữ liệu của cổng đã thay đổi từ lúc bạn xem. Hãy xem lại kết quả dưới đây rồi xác nhận."


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
def receive(file: StoredFile, *, by: Any, counts: Mapping[str, int]) -> HistoryImport:
    """Keep an uploaded sheet that could be read; nothing of it is written yet."""
    _demand(by)
    one = HistoryImport.objects.create(file=file, uploaded_by=by, summary=dict(counts))
    record(one, "uploaded", by=by, label=f"Tải lên tệp khen thưởng {file.name}")
    return one


@transaction.atomic
def apply(
    one: HistoryImport, *, plan: Callable[[], Plan], shown: str, by: Any, without_refused: bool = False
) -> Mapping[str, int]:
    """Plan again against the register of this moment, and write only if the outcome is the one that was shown."""
    _demand(by)
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
    if not made.counts.get("created"):
        raise Refused("Không có dòng nào mới để ghi.")
    write(made.rows, by=by, source=one.file.name)
    one.applied_at, one.summary = clock.now(), dict(made.counts)
    one.save(update_fields=["applied_at", "summary"])
    record(
        one, "applied", by=by, label=f"Nhập khen thưởng từ tệp {one.file.name}"[:200], data=dict(made.counts)
    )
    return made.counts


@transaction.atomic
def write(rows: Sequence[Row], *, by: Any, source: str) -> int:
    """The new rows of a plan; ``by`` is None for a command of the technician. One journal line an honour."""
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
    record_many(honours, "import", by=by, label="Nhập vào Sổ khen thưởng từ tệp", comment=source)
    return len(honours)


def _demand(by: Any) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở nhập Sổ khen thưởng.")
