"""The procedure of a review, stage by stage: what may be done in it asks the stage."""

from collections.abc import Iterable

from awards.models import Decision, Nomination, Proposal, Review
from awards.queries.council import put_off, ready_again, unconcluded, unfinished_sessions
from awards.queries.decisions import undecided
from awards.queries.meter import problems_of_review
from awards.queries.notices import publishing_too_short, unsettled
from awards.queries.reviews import readiness
from core.workflow import Move, Workflow

Stage = Review.State
MOST = 20  # so many are named


def opening_guard(review: Review) -> Iterable[str]:
    """A review opens when everything that it must have is there."""
    for point in readiness(review):
        if point.is_required and not point.ok:
            yield f"{point.sentence}."


def nothing_handed_in(review: Review) -> Iterable[str]:
    count = review.proposals.exclude(state=Proposal.State.DRAFT).count()
    if count:
        yield f"{count} đơn vị đã trình hồ sơ nên không đưa về chuẩn bị được."


def ready_for_notice(review: Review) -> Iterable[str]:
    """Every unit's proposal is verified, and every dossier in it; who proposes nobody has answered."""
    waiting = review.proposals.exclude(state__in=Proposal.ANSWERED).select_related("unit")
    if waiting:
        yield f"Chưa thẩm định xong hồ sơ của: {', '.join(one.unit.short_name for one in waiting)}."
    yield from verdicts_missing(review)
    if not review.nominations.forwarded().exists():
        yield "Chưa có hồ sơ nào đủ điều kiện để công khai."
    yield from publishing_too_short(review)
    yield from problems_of_review(review)


def verdicts_missing(review: Review) -> Iterable[str]:
    """A dossier that somebody has sent back to be looked at again must not fall out of the list unseen."""
    asked = (Nomination.Verdict.PENDING, Nomination.Verdict.FLAGGED)
    rows = review.nominations.standing().filter(verdict__in=asked, proposal__state=Proposal.State.VERIFIED)
    for one in rows.select_related("person", "unit", "award")[:MOST]:
        yield f"{one}: hồ sơ được đưa lại thẩm định, chưa có kết luận; hãy quay lại thẩm định."


def ready_for_council(review: Review) -> Iterable[str]:
    """The open period is over, its comments are answered, and nobody is on the list about whom a complaint is open."""
    yield from unsettled(review)
    yield from verdicts_missing(review)
    yield from problems_of_review(review)


def nothing_concluded(review: Review) -> Iterable[str]:
    count = review.nominations.exclude(outcome="").count()
    if count:
        yield f"Hội đồng đã kết luận {count} hồ sơ nên không quay lại lấy ý kiến được."
    yield from no_session_waits(review)
    yield from publishing_too_short(review)


def may_resume(review: Review) -> Iterable[str]:
    """What the council has concluded is not taken up again, and of a year there is one review."""
    count = review.nominations.exclude(outcome="").count()
    if count:
        yield f"Hội đồng đã kết luận {count} hồ sơ trước khi dừng; hãy lập đợt bình xét khác."
    same = {"kind": review.kind, "year": review.year, "campaign": review.campaign}
    same |= {} if review.kind == Review.Kind.ANNUAL else {"phase": review.phase}
    other = Review.objects.filter(**same).exclude(pk=review.pk).exclude(state=Stage.STOPPED).first()
    if other:
        yield f"Đã có {other.title} thay cho đợt này."


def no_session_waits(review: Review) -> Iterable[str]:
    for session in unfinished_sessions(review):
        yield f"{session} chưa kết thúc; hãy kết thúc hoặc hủy phiên họp trước."


def everything_concluded(review: Review) -> Iterable[str]:
    """What was put off (để lại) goes no further in this review; a later session may still take it up before that."""
    count = unconcluded(review).count()
    if count:
        yield f"Còn {count} hồ sơ Hội đồng chưa kết luận."
    yield from no_session_waits(review)


def nothing_decided(review: Review) -> Iterable[str]:
    over = (Decision.State.CANCELLED, Decision.State.REFUSED)
    count = review.decisions.exclude(state__in=over).count()
    if count:
        yield f"Đã lập {count} quyết định, tờ trình; hãy xóa dự thảo hoặc hủy quyết định trước khi đưa lại Hội đồng."


def something_put_off(review: Review) -> Iterable[str]:
    """What was decided stays as it is; the council sits once more for what it had put off, if nothing stops it now."""
    waiting = put_off(review).select_related("person", "unit", "award")
    if not waiting:
        yield "Không có hồ sơ nào Hội đồng để lại nên không có gì để xét bổ sung."
    elif not ready_again(review):
        names = "; ".join(str(one) for one in waiting[:MOST])
        yield f"Mọi hồ sơ để lại còn đang tạm dừng xét khen thưởng: {names}. Hãy gỡ tạm dừng trước."


def may_stop(review: Review) -> Iterable[str]:
    if review.is_supplementary:
        yield "Đợt đã có kết luận, quyết định và đang xét bổ sung; hãy kết thúc việc xét bổ sung thay vì dừng đợt."
    yield from no_session_waits(review)


def everything_decided(review: Review) -> Iterable[str]:
    yield from undecided(review)


REVIEW = Workflow(
    noun="đợt bình xét",
    states={
        Stage.PLANNED: ("Đang chuẩn bị", "yellow"),
        Stage.OPEN: ("Đơn vị đề nghị", "blue"),
        Stage.NOTICE: ("Công khai lấy ý kiến", "azure"),
        Stage.COUNCIL: ("Hội đồng xét", "orange"),
        Stage.DECIDING: ("Ra quyết định", "teal"),
        Stage.CLOSED: ("Kết thúc", "secondary"),
        Stage.STOPPED: ("Đã dừng", "secondary"),
    },
    rows=(
        Move(
            verb="open_review",
            label="Mở đợt bình xét",
            source=(Stage.PLANNED,),
            target=Stage.OPEN,
            permission="awards.prepare_review",
            guard=opening_guard,
            confirmation="Quy định của ngày đã chọn được ghim vào đợt này; văn bản ban hành sau không tự đổi kết quả.",
            style="success",
        ),
        Move(
            verb="take_back",
            label="Đưa về chuẩn bị",
            source=(Stage.OPEN,),
            target=Stage.PLANNED,
            permission="awards.prepare_review",
            guard=nothing_handed_in,
            comment_required=True,
            comment_label="Lý do",
            style="warning",
        ),
        Move(
            verb="publish_notice",
            label="Công khai lấy ý kiến",
            source=(Stage.OPEN,),
            target=Stage.NOTICE,
            permission="awards.prepare_review",
            guard=ready_for_notice,
            confirmation="Mọi người trong Sở đọc được danh sách đề nghị và góp ý; đơn vị không sửa hồ sơ được nữa.",
            style="success",
        ),
        Move(
            verb="withdraw_notice",
            label="Quay lại thẩm định",
            source=(Stage.NOTICE,),
            target=Stage.OPEN,
            permission="awards.prepare_review",
            comment_required=True,
            comment_label="Lý do",
            style="warning",
        ),
        Move(
            verb="call_council",
            label="Trình Hội đồng",
            source=(Stage.NOTICE,),
            target=Stage.COUNCIL,
            permission="awards.prepare_review",
            guard=ready_for_council,
            style="success",
        ),
        Move(
            verb="return_to_notice",
            label="Quay lại lấy ý kiến",
            source=(Stage.COUNCIL,),
            target=Stage.NOTICE,
            permission="awards.prepare_review",
            guard=nothing_concluded,
            comment_required=True,
            comment_label="Lý do",
            style="warning",
        ),
        Move(
            verb="conclude_council",
            label="Hội đồng đã xét xong",
            source=(Stage.COUNCIL,),
            target=Stage.DECIDING,
            permission="awards.prepare_review",
            guard=everything_concluded,
            style="success",
        ),
        Move(
            verb="return_to_council",
            label="Đưa lại Hội đồng",
            source=(Stage.DECIDING,),
            target=Stage.COUNCIL,
            permission="awards.prepare_review",
            guard=nothing_decided,
            comment_required=True,
            comment_label="Lý do",
            style="warning",
        ),
        Move(
            verb="supplement",
            label="Xét bổ sung",
            source=(Stage.DECIDING, Stage.CLOSED),
            target=Stage.COUNCIL,
            permission="awards.prepare_review",
            guard=something_put_off,
            comment_required=True,
            comment_label="Lý do xét bổ sung",
            confirmation="Hội đồng họp lại chỉ về các hồ sơ đã để lại, ví dụ sau khi gỡ tạm dừng. Kết luận, quyết định"
            " đã có giữ nguyên; đợt đã kết thúc được mở lại để ra quyết định bổ sung.",
            style="warning",
        ),
        Move(
            verb="close_review",
            label="Kết thúc đợt",
            source=(Stage.DECIDING,),
            target=Stage.CLOSED,
            permission="awards.prepare_review",
            guard=everything_decided,
            confirmation="Sau khi kết thúc, đợt này chỉ còn để đọc; hồ sơ Hội đồng để lại vẫn xét bổ sung được.",
            style="secondary",
        ),
        Move(
            verb="stop_review",
            label="Dừng đợt",
            source=(Stage.OPEN, Stage.NOTICE, Stage.COUNCIL),
            target=Stage.STOPPED,
            permission="awards.prepare_review",
            guard=may_stop,
            comment_required=True,
            comment_label="Lý do dừng",
            confirmation="Đợt bình xét dừng mà không có quyết định; hồ sơ vẫn được lưu. Sau này có thể"
            " tiếp tục, hoặc lập đợt khác của năm.",
            style="danger",
        ),
        Move(
            verb="resume_review",
            label="Tiếp tục đợt",
            source=(Stage.STOPPED,),
            target=Stage.OPEN,
            permission="awards.prepare_review",
            guard=may_resume,
            comment_required=True,
            comment_label="Lý do tiếp tục",
            confirmation="Đợt trở lại bước đơn vị đề nghị, với các hồ sơ và quy định đã ghim.",
            style="success",
        ),
    ),
)
