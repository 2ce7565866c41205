"""What every act asks first."""

from typing import Any

import rules

from awards import queries
from awards.models import Award, AwardList
from awards.queries.holds import sentence_of
from core.vietnamese import normalize
from core.workflow import Refused, lock
from scoring.models import Scorecard


def require_office(by: Any) -> None:
    if not rules.has_perm("awards.prepare_list", by):
        raise Refused("Chỉ Văn phòng Sở lập và sửa danh sách khen thưởng.")


def open_for_changes(award_list: AwardList, by: Any) -> None:
    require_office(by)
    lock(award_list)
    if award_list.state != AwardList.State.DRAFT:
        raise Refused("Danh sách đã chốt. Muốn sửa, hãy mở lại danh sách và ghi lý do.")


def not_about(by: Any, scorecard: Scorecard) -> None:
    """Nobody decides on his own matter."""
    if scorecard.person_id and scorecard.person_id == by.acting.person_id:
        raise Refused("Bạn không được điều chỉnh dòng về chính mình. Hãy nhờ người khác của Văn phòng Sở.")


def not_held(by: Any, scorecard: Scorecard) -> None:
    """While something is under verification nobody is put on a list by hand."""
    subject = scorecard.person or scorecard.unit
    if sentence := sentence_of(subject, by):
        raise Refused(f"{scorecard}: {sentence}")


def fits(award_list: AwardList, scorecard: Scorecard, award: Award) -> None:
    campaign = award_list.campaign_year.campaign
    if award.recipient != scorecard.recipient:
        raise Refused(f"“{award}” đã chọn chỉ dành cho {award.get_recipient_display().lower()}.")
    if not queries.choosable_awards(campaign).filter(pk=award.pk).exists():
        raise Refused(f"“{award}” không được xét trong phong trào theo chuyên đề.")


def given_reason(reason: str) -> str:
    kept = normalize(reason)
    if not kept:
        raise Refused("Hãy ghi lý do điều chỉnh.")
    return kept
