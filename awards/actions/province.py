"""The province's figures, and what the Office has read in the law itself: written with the basis, and taken back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from awards.actions.guards import given_reason, require_office
from awards.eligibility.claims import Claim
from awards.eligibility.figures import EXPECTED, fits
from awards.eligibility.provisions import RuleError
from awards.eligibility.rulebook import check
from awards.models import RuleConfirmation, Setting, SettingValue, rule_source
from core import clock
from core.journal import record
from core.models import LegalDocument
from core.vietnamese import format_date, normalize
from core.workflow import Refused, Stale, lock

PROPOSED = "Giữ giá trị cổng đề xuất từ ngày này"


@transaction.atomic
def set_figure(
    setting: Setting,
    *,
    value: Any,
    valid_from: date | None,
    basis: str,
    is_confirmed: bool,
    by: Any,
    seen: int | None = None,
    replaces_later: bool = False,
) -> SettingValue:
    """From the day on the value holds; ``seen`` is the newest value the writer knew. The same again changes nothing.

    What the file proposes from a later day on stays as it is, unless the Office ``replaces_later`` values too.
    """
    require_office(by)
    lock(setting)
    basis = normalize(basis)
    if not basis:
        raise Refused("Hãy ghi văn bản làm căn cứ.")
    if not fits(setting.kind, value, setting.choices):
        raise Refused(f"Giá trị phải là {EXPECTED[setting.kind]}.")
    newest = setting.values.order_by("-pk").first()
    told = {"value": value, "valid_from": valid_from, "basis": basis, "is_confirmed": is_confirmed}
    if newest and newest.set_by_id and all(getattr(newest, name) == one for name, one in told.items()):
        return newest
    if seen is not None and newest and newest.pk != seen:
        raise Stale("Người khác vừa ghi giá trị mới của quy định này. Hãy xem lại rồi ghi.")
    if not replaces_later:
        _keep_later(setting, valid_from, by)
    row = SettingValue.objects.create(setting=setting, set_by=by, **told)
    _keep_in_order()
    record(setting, "set_figure", by=by, label="Ghi giá trị mới", comment=_told(row))
    return row


def _keep_later(setting: Setting, valid_from: date | None, by: Any) -> None:
    """The file's later values would no longer count beside one of the Office: they are written down as they stand."""
    first = (
        setting.values.filter(set_by__isnull=False).order_by(F("valid_from").asc(nulls_first=True)).first()
    )
    later = setting.values.filter(set_by=None, valid_from__gt=valid_from or date.min)
    if first:
        later = later.filter(valid_from__lt=first.valid_from or date.min)
    for one in later:
        kept = {"value": one.value, "valid_from": one.valid_from, "is_confirmed": one.is_confirmed}
        SettingValue.objects.create(setting=setting, set_by=by, basis=one.basis or PROPOSED, **kept)


@transaction.atomic
def withdraw_figure(row: SettingValue, *, reason: str, by: Any) -> Setting:
    """What the Office wrote by mistake holds no more; the journal keeps it. Rows of the file stay."""
    require_office(by)
    setting = row.setting
    lock(setting)
    kept = given_reason(reason)
    if not setting.values.filter(pk=row.pk, set_by__isnull=False).exists():
        raise Refused("Giá trị này không do Văn phòng Sở ghi, hoặc đã được bỏ.")
    told = _told(row)
    row.delete()
    _keep_in_order()
    record(setting, "withdraw_figure", by=by, label="Bỏ giá trị ghi nhầm", comment=f"{told}\nLý do: {kept}")
    return setting


@transaction.atomic
def confirm_rule(claim: Claim, *, citation: str, by: Any) -> RuleConfirmation:
    """The Office has read the rule in its document: from now on it is cited with these articles. Again changes them."""
    require_office(by)
    document = LegalDocument.objects.get(code=claim.document)
    lock(document)
    if not (read := normalize(citation)):
        raise Refused("Hãy ghi điều, khoản của văn bản.")
    kept = RuleConfirmation.objects.filter(mark=claim.mark).first()
    if kept and kept.citation == read:
        return kept
    told = {"legal_document": document, "text": claim.text, "citation": read, "confirmed_by": by}
    row, _ = RuleConfirmation.objects.update_or_create(
        mark=claim.mark, defaults={**told, "confirmed_at": clock.now()}
    )
    record(document, "confirm_rule", by=by, label="Xác nhận quy định", comment=str(row))
    return row


@transaction.atomic
def withdraw_confirmation(row: RuleConfirmation, *, reason: str, by: Any) -> None:
    """It was confirmed by mistake: the rule is to be confirmed again; the journal keeps both."""
    require_office(by)
    document = row.legal_document
    lock(document)
    kept = given_reason(reason)
    if not RuleConfirmation.objects.filter(pk=row.pk).exists():
        raise Refused("Xác nhận này đã được bỏ.")
    told = str(row)
    row.delete()
    record(document, "withdraw_rule", by=by, label="Bỏ xác nhận quy định", comment=f"{told}\nLý do: {kept}")


def _keep_in_order() -> None:
    """The rules of every day must still fit together with the figures as they are now."""
    source = rule_source()
    for day in source.border_days():
        try:
            check(source.rulebook(day))
        except RuleError as error:
            raise Refused(
                f"Không ghi được, vì trái với quy định khác vào ngày {format_date(day)}: {error}"
            ) from error


def _told(row: SettingValue) -> str:
    since = f"từ {format_date(row.valid_from)}" if row.valid_from else "từ đầu"
    sure = "đã xác nhận" if row.is_confirmed else "chưa xác nhận"
    return f"{row.shown} {since} ({sure}). Căn cứ: {row.basis}"
