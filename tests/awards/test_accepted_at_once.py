"""The Office accepts at once what meets the rules; the rest stays for a judgement one by one."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import proposals, verifying
from awards.models import Nomination, Proposal, Review
from core import clock
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import LABORER, begin, open_review, propose, qualify, rate
from tests.cast import CAST, fresh

Browser = Callable[[User], Client]
Verdict = Nomination.Verdict


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


@pytest.fixture
def handed_in(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    """An meets everything, Bình waits for a person's word, the deputy was rated too low."""
    qualify(review, cast["clerk"], cast["office"])
    rate(cast["colleague"], "good", cast["office"])
    rate(cast["deputy"], "completed", cast["office"])
    made = begin(
        review, units["cchc"], by=cast["clerk"], chair=cast["head"].person, reason="Lãnh đạo được đề nghị"
    )  # type: ignore[attr-defined]
    for part in ("clerk", "colleague", "deputy"):
        propose(made, LABORER, cast[part].person, by=cast["clerk"])  # type: ignore[attr-defined]
    proposals.submit(made, by=cast["head"])
    return made


def verdicts(proposal: Proposal, cast: dict[str, User]) -> dict[str, str]:
    found = dict(proposal.nominations.values_list("person_id", "verdict"))
    return {part: found[cast[part].person.pk] for part in ("clerk", "colleague", "deputy")}  # type: ignore[attr-defined]


def test_without_a_word_only_what_meets_everything(
    handed_in: Proposal, cast: dict[str, User], office: User
) -> None:
    assert verifying.accept_rest(handed_in, by=office) == 1
    assert verdicts(handed_in, cast) == {"clerk": "accepted", "colleague": "pending", "deputy": "pending"}
    with pytest.raises(Refused, match="phải ghi căn cứ"):
        verifying.accept_rest(handed_in, by=office)

    assert verifying.accept_rest(handed_in, by=office, reason="Đối chiếu biên bản họp") == 1
    assert verdicts(handed_in, cast) == {"clerk": "accepted", "colleague": "accepted", "deputy": "pending"}
    second = handed_in.nominations.get(person=cast["colleague"].person)  # type: ignore[attr-defined]
    [line] = [one for one in history_of(second) if one.verb == "verdict"]
    assert (line.comment, line.actor, second.verdict_reason) == (
        "Đối chiếu biên bản họp",
        office,
        "Đối chiếu biên bản họp",
    )
    with pytest.raises(Refused, match="Không còn hồ sơ"):
        verifying.accept_rest(handed_in, by=office, reason="Lần nữa")


def test_nobody_but_the_office_and_never_of_what_is_not_handed_in(
    handed_in: Proposal, cast: dict[str, User], office: User
) -> None:
    for part in CAST:
        if part != "office":
            with pytest.raises(Refused):
                verifying.accept_rest(handed_in, by=fresh(cast[part]), reason="x")
    with pytest.raises(Stale):
        verifying.accept_rest(handed_in, by=office, version=handed_in.version - 1)
    proposals.take_back_proposal(handed_in, by=cast["head"])
    with pytest.raises(Refused, match="đã trình"):
        verifying.accept_rest(handed_in, by=office, reason="x")
    assert set(handed_in.nominations.values_list("verdict", flat=True)) == {Verdict.PENDING}


def test_the_page_offers_it_to_whom_it_concerns(
    handed_in: Proposal, cast: dict[str, User], office: User, client_of: Browser
) -> None:
    page, act = (
        reverse(f"awards:{name}", args=[handed_in.pk]) for name in ("proposal_detail", "proposal_accept")
    )
    assert "Còn 3 hồ sơ chưa có kết luận" in client_of(office).get(page).content.decode()
    assert "Thẩm định một lượt" not in client_of(cast["head"]).get(page).content.decode()
    sent = {"version": handed_in.version, "reason": "Đối chiếu biên bản họp"}
    client_of(cast["head"]).post(act, sent)
    assert client_of(cast["stranger"]).post(act, sent).status_code == 404
    assert set(verdicts(handed_in, cast).values()) == {"pending"}
    client_of(office).post(act, sent)
    assert verdicts(handed_in, cast) == {"clerk": "accepted", "colleague": "accepted", "deputy": "pending"}
