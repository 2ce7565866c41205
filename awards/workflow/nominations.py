"""The procedure of a unit's proposal: written, signed, verified dossier by dossier."""

from collections.abc import Iterable

from awards.models import Nomination, Proposal, Review
from awards.queries.meter import problems_of_unit
from awards.queries.nominations import deadline_passed, late, problems_of
from core.workflow import Move, Workflow

Step = Proposal.State
Verdict = Nomination.Verdict


def while_open(proposal: Proposal) -> Iterable[str]:
    if proposal.review.state != Review.State.OPEN:
        yield "Đợt bình xét không còn ở bước đơn vị đề nghị nên hồ sơ không chuyển được nữa."


def ready_to_hand_in(proposal: Proposal) -> Iterable[str]:
    """Open, in time, complete, nothing the lists contradict each other in, and a reason for what is over a quota."""
    yield from while_open(proposal)
    yield from deadline_passed(proposal)
    yield from problems_of(proposal)
    yield from problems_of_unit(proposal)


def nobody_on_the_list(proposal: Proposal) -> Iterable[str]:
    """The unit may have met or not; whoever is on the list is taken off first, with a reason of his own."""
    yield from while_open(proposal)
    yield from deadline_passed(proposal)
    count = proposal.nominations.standing().count()
    if count:
        yield f"Danh sách đề nghị còn {count} hồ sơ; hãy rút từng hồ sơ trước, hoặc ký trình danh sách."


def not_begun(proposal: Proposal) -> Iterable[str]:
    """The head takes back what nobody has looked at, as long as it can be handed in again; that a unit proposes nobody
    is looked at by nobody."""
    yield from while_open(proposal)
    yield from late(proposal.review)
    if proposal.state == Step.NOBODY:
        return
    begun = proposal.nominations.exclude(verdict=Verdict.PENDING).exists()
    if begun:
        yield "Văn phòng Sở đã bắt đầu thẩm định nên đơn vị không rút lại được; hãy đề nghị Văn phòng Sở trả lại."


def never_handed_in(proposal: Proposal) -> Iterable[str]:
    """What has stayed a draft after the last day, or was never answered, must not keep the others waiting."""
    yield from while_open(proposal)
    if proposal.state == Step.DRAFT and not list(late(proposal.review)):
        yield "Đơn vị còn thời gian nộp hồ sơ đề nghị."


def something_flagged(proposal: Proposal) -> Iterable[str]:
    yield from while_open(proposal)
    if proposal.state == Step.NOBODY:  # there is no dossier to flag: the reason of the return says it all
        return
    if not proposal.nominations.standing().filter(verdict=Verdict.FLAGGED).exists():
        yield "Hãy ghi yêu cầu hoàn thiện vào ít nhất một hồ sơ trước khi trả lại."


def everything_judged(proposal: Proposal) -> Iterable[str]:
    yield from while_open(proposal)
    waiting = proposal.nominations.standing().filter(verdict__in=(Verdict.PENDING, Verdict.FLAGGED))
    names = [str(one) for one in waiting.select_related("person", "unit", "award")]
    if names:
        yield f"Còn hồ sơ chưa có kết luận thẩm định: {'; '.join(names)}."


PROPOSAL = Workflow(
    noun="tờ trình",
    states={
        Step.DRAFT: ("Đang lập", "secondary"),
        Step.SUBMITTED: ("Đã trình", "azure"),
        Step.RETURNED: ("Trả lại hoàn thiện", "orange"),
        Step.VERIFIED: ("Đã thẩm định", "green"),
        Step.NOBODY: ("Không đề nghị ai", "teal"),
    },
    rows=(
        Move(
            verb="submit",
            label="Ký trình",
            source=(Step.DRAFT, Step.RETURNED),
            target=Step.SUBMITTED,
            permission="awards.sign_proposal",
            guard=ready_to_hand_in,
            confirmation="Tờ trình gửi Văn phòng Sở; kết quả đối chiếu điều kiện từng hồ sơ được lưu như lúc trình.",
            style="success",
        ),
        Move(
            verb="propose_nobody",
            label="Không đề nghị ai",
            source=(Step.DRAFT, Step.RETURNED),
            target=Step.NOBODY,
            permission="awards.sign_proposal",
            guard=nobody_on_the_list,
            comment_required=True,
            comment_label="Lý do không đề nghị",
            confirmation="Đơn vị không đề nghị khen thưởng trong đợt này. Văn phòng Sở được báo bằng thư, đơn vị không"
            " bị nhắc nữa; khi đợt còn ở bước đơn vị đề nghị thì rút lại được. Nếu đơn vị đã họp, ghi biên bản trước.",
            style="secondary",
        ),
        Move(
            verb="take_back",
            label="Rút lại để sửa",
            source=(Step.SUBMITTED, Step.NOBODY),
            target=Step.DRAFT,
            permission="awards.sign_proposal",
            guard=not_begun,
            confirmation="Tờ trình trở về bản đang lập; phải được ký trình lại.",
            style="secondary",
        ),
        Move(
            verb="close_unsent",
            label="Khép lại, không nộp",
            source=(Step.DRAFT, Step.RETURNED),
            target=Step.NOBODY,
            permission="awards.verify_proposal",
            guard=never_handed_in,
            comment_required=True,
            comment_label="Lý do khép lại",
            confirmation="Đơn vị không nộp hồ sơ trong đợt này; các hồ sơ đang lập được rút với lý do này. Trả lại tờ"
            " trình thì đơn vị làm tiếp được.",
            style="warning",
        ),
        Move(
            verb="return_proposal",
            label="Trả lại hoàn thiện",
            source=(Step.SUBMITTED, Step.NOBODY),
            target=Step.RETURNED,
            permission="awards.verify_proposal",
            guard=something_flagged,
            comment_required=True,
            comment_label="Nội dung trả lại",
            style="warning",
        ),
        Move(
            verb="verify",
            label="Kết thúc thẩm định",
            source=(Step.SUBMITTED,),
            target=Step.VERIFIED,
            permission="awards.verify_proposal",
            guard=everything_judged,
            style="success",
        ),
        Move(
            verb="reopen_verification",
            label="Mở lại thẩm định",
            source=(Step.VERIFIED,),
            target=Step.SUBMITTED,
            permission="awards.verify_proposal",
            guard=while_open,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="warning",
        ),
    ),
)
