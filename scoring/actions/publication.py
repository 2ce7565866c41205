"""Publishing the results of a year, and taking a publication back: both acts are kept for ever."""

import json
import sys
from collections.abc import Collection
from hashlib import sha256
from typing import Any

import rules
from django.db import transaction
from django.db.models import F

from campaigns.models import Band, CampaignYear, Recipient
from core import clock
from core.journal import record, record_many
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, Stale, lock
from scoring.mails import sheets as mails
from scoring.models import Line, Publication, Result, Scorecard
from scoring.queries.ranking import (
    Standing,
    publication_in_force,
    ranking_rules,
    ready_state,
    sheets_of,
    standings,
)
from scoring.workflow.sheets import SCORECARD

CONFIRMATION = "CÔNG BỐ"
NAMED = 5


@transaction.atomic
def publish(
    campaign_year: CampaignYear,
    recipient: str,
    *,
    by: Any,
    confirmation: str,
    not_scored: Collection[int] = (),
    seen: Collection[int] | None = None,
    comment: str = "",
) -> Publication:
    """Freeze the appraised sheets of the year as results, ranked. Every other sheet must be named in ``not_scored``:

    it is published as "not scored", never as zero. ``seen`` are the unready sheets that the page listed: if the list
    is another one now, nothing is published.
    """
    if not rules.has_perm("scoring.publish_results", by, campaign_year):
        raise Refused("Chỉ Văn phòng Sở công bố kết quả.")
    lock(campaign_year)
    if campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Năm này của phong trào chưa mở hoặc đã khóa sổ.")
    if publication_in_force(campaign_year, recipient):
        raise AlreadyDone("Kết quả này đã được công bố. Muốn công bố lại, hãy mở lại lần công bố trước.")
    if normalize(confirmation) != CONFIRMATION:
        raise Refused(f"Để công bố, hãy gõ đúng hai chữ {CONFIRMATION} (chữ hoa, có dấu).")
    sheets = list(
        sheets_of(campaign_year, recipient).select_for_update(of=("self",)).select_related("person", "unit")
    )
    wanted = ready_state(campaign_year)
    ready = [sheet for sheet in sheets if sheet.state == wanted]
    unready = [sheet for sheet in sheets if sheet.state != wanted]
    if seen is not None:
        _refuse_another_list(ready, unready, set(seen))
    _refuse_unready(unready, not_scored)
    if not ready:
        raise Refused("Chưa có phiếu nào thẩm định xong để công bố.")
    bands = list(Band.objects.filter(campaign_year=campaign_year, recipient=recipient))
    if not bands:
        raise Refused("Chưa có mức xếp loại cho năm này.")
    facts = [(one.pk, one.result_total, one.applicable_max, one.is_ranked) for one in ready]
    places = standings(facts, bands, ranking_rules(campaign_year))
    results = _results(ready, places, bands)
    publication = Publication.objects.create(
        campaign_year=campaign_year, recipient=recipient, published_by=by, digest=_digest(results)
    )
    for result in results:
        result.publication = publication
    Result.objects.bulk_create(results, batch_size=1000)
    _move(ready, "publish", by, comment)
    record(
        publication,
        "publish",
        by=by,
        label=f"Công bố kết quả {Recipient(recipient).label.lower()}",
        comment=comment,
        data={"results": len(results), "not_scored": sorted(not_scored), "digest": publication.digest},
    )
    mails.results_published(publication, ready)
    return publication


@transaction.atomic
def withdraw_publication(publication: Publication, *, by: Any, reason: str) -> Publication:
    """Mở lại: the publication stays readable as withdrawn, its sheets may be appraised again."""
    if not rules.has_perm("scoring.publish_results", by, publication.campaign_year):
        raise Refused("Chỉ Văn phòng Sở mở lại kết quả đã công bố.")
    lock(publication.campaign_year)
    lock(publication)
    if publication.withdrawn_at:
        raise AlreadyDone("Lần công bố này đã được mở lại trước đó.")
    if publication.campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Năm này đã khóa sổ. Hãy mở lại năm trước khi mở lại kết quả.")
    reason = normalize(reason)
    if not reason:
        raise Refused("Hãy ghi lý do mở lại kết quả.")
    publication.withdrawn_by, publication.withdrawn_at, publication.withdrawal_reason = (
        by,
        clock.now(),
        reason,
    )
    publication.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    sheets = list(
        Scorecard.objects.filter(results__publication=publication, state=Scorecard.State.PUBLISHED)
        .select_for_update(of=("self",))
        .select_related("person")
    )
    _move(sheets, "unpublish", by, reason, target=ready_state(publication.campaign_year))
    record(publication, "withdraw", by=by, label="Mở lại kết quả đã công bố", comment=reason)
    mails.results_withdrawn(publication, sheets)
    return publication


@transaction.atomic
def publish_again(
    publication: Publication,
    *,
    by: Any,
    confirmation: str,
    reason: str,
    not_scored: Collection[int] = (),
    seen: Collection[int] | None = None,
) -> Publication:
    """After single sheets were reopened and judged again: the publication in force is withdrawn and the round published
    anew in one act, so that there is no moment without results. Both stay readable."""
    withdraw_publication(publication, by=by, reason=reason)
    return publish(
        publication.campaign_year,
        publication.recipient,
        by=by,
        confirmation=confirmation,
        not_scored=not_scored,
        seen=seen,
        comment=reason,
    )


def _refuse_another_list(ready: list[Scorecard], unready: list[Scorecard], seen: set[int]) -> None:
    done = [sheet for sheet in ready if sheet.pk in seen]
    fresh = [sheet for sheet in unready if sheet.pk not in seen]
    said = [
        f"{words}: {_names(sheets)}"
        for words, sheets in [("nay đã thẩm định xong", done), ("nay chưa thẩm định xong", fresh)]
        if sheets
    ]
    if said or len(seen) != len(unready):
        raise Stale(
            "Danh sách phiếu chưa thẩm định đã thay đổi từ khi bạn mở trang"
            f"{': ' + '; '.join(said) if said else ''}. Chưa công bố gì; hãy xem lại danh sách dưới đây."
        )


def _names(sheets: list[Scorecard]) -> str:
    return ", ".join(str(sheet) for sheet in sheets[:NAMED]) + (" …" if len(sheets) > NAMED else "")


def _refuse_unready(unready: list[Scorecard], not_scored: Collection[int]) -> None:
    accepted = set(not_scored)
    left = [sheet for sheet in unready if sheet.pk not in accepted]
    if left:
        raise Refused(
            f"Còn {len(left)} phiếu chưa thẩm định xong: {_names(left)}. "
            "Hãy thẩm định, hoặc xác nhận công bố các phiếu này là “Chưa chấm”."
        )


def _results(sheets: list[Scorecard], places: dict[int, Standing], bands: list[Band]) -> list[Result]:
    """Best first; equal ranks in the order of the offices' lists."""
    lines: dict[int, list[dict[str, Any]]] = {sheet.pk: [] for sheet in sheets}
    rows = Line.objects.filter(scorecard__in=[sheet.pk for sheet in sheets]).select_related("criterion")
    for line in rows.order_by("scorecard_id", "criterion__position").iterator(chunk_size=2000):
        lines[line.scorecard_id].append(_frozen_line(line))
    scale = [{"name": band.name, "lower_bound": str(band.lower_bound)} for band in bands]
    results = [
        Result(
            scorecard=sheet,
            score=places[sheet.pk].score,
            applicable_max=places[sheet.pk].applicable_max,
            index=places[sheet.pk].index,
            components=sheet.components,
            band=places[sheet.pk].band,
            band_colour=places[sheet.pk].band_colour,
            rank=places[sheet.pk].rank,
            is_tied=places[sheet.pk].is_tied,
            frozen={
                "name": str(sheet),
                "unit": sheet.unit_name,
                "post": sheet.post_name,
                "criteria_set": sheet.criteria_set_id,
                "bands": scale,
                "totals": [
                    _text(sheet.self_total),
                    _text(sheet.approved_total),
                    _text(sheet.appraised_total),
                    _text(sheet.second_total),
                    _text(sheet.final_total),
                ],
                "lines": lines[sheet.pk],
            },
        )
        for sheet in sheets
    ]
    return sorted(results, key=lambda result: (result.rank or sys.maxsize, _office_order(result.scorecard)))


def _office_order(sheet: Scorecard) -> tuple[int, int, str]:
    return sheet.unit.order, sheet.post_order, sheet.sort_key


def _frozen_line(line: Line) -> dict[str, Any]:
    criterion = line.criterion
    return {
        "criterion": criterion.pk,
        "code": criterion.code,
        "name": criterion.name,
        "max": _text(criterion.max_score),
        "method": criterion.method,
        "params": criterion.params,
        "inputs": line.inputs,
        "note": line.note,
        "self": _text(line.self_score),
        "approved": _text(line.approved_score),
        "appraised": _text(line.appraised_score),
        "second": _text(line.second_score),
        "final": _text(line.final_score),
        "office": _text(line.office_score),
        "excluded": line.is_excluded,
        "excluded_reason": line.excluded_reason,
        "flag_reason": line.flag_reason,
        "explanation": line.explanation,
        "second_reason": line.second_reason,
        "final_reason": line.final_reason,
        "approved_reason": line.approved_reason,
        "appraised_reason": line.appraised_reason,
    }


def _digest(results: list[Result]) -> str:
    """A fingerprint of everything published: whoever keeps it can prove that nothing was changed later."""
    return sha256(
        json.dumps(
            [
                [
                    result.scorecard_id,
                    result.rank,
                    _text(result.score),
                    _text(result.index),
                    result.band,
                    result.frozen,
                ]
                for result in results
            ],
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
    ).hexdigest()


def _move(sheets: list[Scorecard], verb: str, by: Any, comment: str, target: str = "") -> None:
    """The row ``verb`` of the table for many locked sheets at once; ``target`` where they go elsewhere than it says."""
    move = SCORECARD.moves[verb]
    target = target or move.target
    before = {sheet.pk: sheet.state for sheet in sheets}
    for sheet in sheets:
        sheet.state = target
    Scorecard.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(
        state=target, version=F("version") + 1
    )
    record_many(
        list(sheets),
        verb,
        by=by,
        label=move.label,
        after=target,
        comment=comment,
        each=lambda sheet: {"before": before[sheet.pk]},
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
