"""Initiatives: from the application to the decision, in every role; shares, near-duplicates, papers, letters, tasks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards.actions import evaluating
from awards.actions import initiatives as actions
from awards.models import Award, BasisUse, Initiative
from awards.queries import tasks_of
from awards.queries.initiatives import near_duplicates, refused_because, returned_because
from awards.workflow import INITIATIVE
from core.journal import history_of
from core.models import Letter
from core.workflow import Refused, Stale
from organization.models import Unit, User
from tests.awards.builders import TITLE
from tests.awards.initiatives import (
    APPLIED_ON,
    AUTHORS,
    CAST,
    COUNCIL,
    DECISION,
    NAME,
    PDF,
    bring_to,
    evaluate,
    facts,
    load_figures,
)
from tests.letters.reading import only_behind

ClientOf = Callable[[User], Client]
ACTS: dict[str, Callable[..., Any]] = {
    "submit": actions.submit,
    "withdraw": actions.withdraw,
    "evaluate": lambda one, by: evaluating.evaluate(one, COUNCIL, by=by),
    "correct_evaluation": lambda one, by: evaluating.correct_evaluation(
        one, {**COUNCIL, "council_in_favour": 6}, by=by
    ),
    "recognise": lambda one, by: actions.recognise(one, DECISION, by=by),
    "send_back": lambda one, by: actions.send_back(one, by=by, comment="Thêm số liệu."),
    "refuse": lambda one, by: actions.refuse(one, by=by, comment="Không mới."),
    "reopen": lambda one, by: actions.reopen(one, by=by, comment="Ghi nhầm."),
    "save": lambda one, by: actions.save(one, {"name": "Tên mới"}, _shares(one), by=by),
    "correct": lambda one, by: actions.correct_recognition(
        one, {**DECISION, "decision_number": "78/QĐ"}, by=by
    ),
    "add_file": lambda one, by: actions.add_file(one, SimpleUploadedFile("a.pdf", PDF), title="", by=by),
    "remove": actions.remove,
}
ALLOWED = {
    **{("draft", part, verb): "draft" for part in AUTHORS for verb in ("save", "add_file")},
    **{("draft", part, "submit"): "submitted" for part in AUTHORS},
    **{("draft", part, "remove"): None for part in AUTHORS},
    **{("submitted", part, "withdraw"): "draft" for part in AUTHORS},
    ("submitted", "office", "evaluate"): "evaluated",
    ("submitted", "office", "send_back"): "draft",
    ("submitted", "office", "refuse"): "refused",
    ("submitted", "office", "add_file"): "submitted",
    ("evaluated", "office", "correct_evaluation"): "evaluated",
    ("evaluated", "office", "recognise"): "recognised",
    ("evaluated", "office", "refuse"): "refused",
    ("evaluated", "office", "reopen"): "submitted",
    ("evaluated", "office", "add_file"): "evaluated",
    ("recognised", "office", "reopen"): "submitted",
    ("recognised", "office", "correct"): "recognised",
    ("recognised", "office", "add_file"): "recognised",
    ("refused", "office", "reopen"): "submitted",
    ("refused", "office", "add_file"): "refused",
}


def _shares(one: Initiative) -> list[tuple[Any, Decimal]]:
    return [(author.person, author.share) for author in one.authors.all()]


@pytest.mark.parametrize("state", Initiative.State.values)
@pytest.mark.parametrize("part", CAST)
def test_state_by_role_by_verb(part: str, state: str, draft: Initiative, cast: dict[str, User]) -> None:
    load_figures()
    one, user = bring_to(draft, state, cast), cast[part]
    for verb, act in ACTS.items():
        expected = ALLOWED.get((state, part, verb), "refused!")
        lines = history_of(one).count()
        with transaction.atomic():
            point = transaction.savepoint()
            if expected == "refused!":
                with pytest.raises(Refused):
                    act(one, by=user)
                assert history_of(one).count() == lines, verb
                assert Initiative.objects.get(pk=one.pk).state == state, verb
            else:
                act(one, by=user)
                assert Initiative.objects.filter(pk=draft.pk).exists() == (expected is not None), verb
                assert expected is None or Initiative.objects.get(pk=one.pk).state == expected, verb
            transaction.savepoint_rollback(point)
        one = Initiative.objects.get(pk=draft.pk)
        allowed = (state, part, verb) in ALLOWED
        if verb in INITIATIVE.moves:
            assert (verb in [move.verb for move in INITIATIVE.available(one, user)]) == allowed, verb


# --- shares ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        (["60", "39.99"], "cộng lại là 99,99%, phải đúng 100%"),
        (["33.33", "33.33"], "66,66%"),
        ([], "Còn thiếu: tác giả"),
    ],
)
def test_shares_that_do_not_add_to_100_are_not_handed_in(
    shares: list[str], sentence: str, draft: Initiative, cast: dict[str, User]
) -> None:
    people = [cast[part].person for part in AUTHORS]
    pairs = [(person, Decimal(share)) for person, share in zip(people, shares, strict=False)]
    actions.save(draft, {}, pairs, by=cast["clerk"])
    with pytest.raises(Refused, match=sentence):
        actions.submit(draft, by=cast["clerk"])


def test_shares_of_three_add_to_exactly_100(draft: Initiative, cast: dict[str, User]) -> None:
    shares = [("clerk", "33.34"), ("colleague", "33.33"), ("stranger", "33.33")]
    actions.save(draft, {}, [(cast[part].person, Decimal(share)) for part, share in shares], by=cast["clerk"])
    actions.submit(draft, by=cast["clerk"])
    assert draft.state == "submitted"


def test_more_than_100_or_a_person_twice_is_not_even_kept(draft: Initiative, cast: dict[str, User]) -> None:
    clerk, colleague = cast["clerk"].person, cast["colleague"].person
    with pytest.raises(Refused, match="không được quá 100%"):
        actions.save(draft, {}, [(clerk, Decimal(60)), (colleague, Decimal(41))], by=cast["clerk"])
    with pytest.raises(Refused, match="một lần"):
        actions.save(draft, {}, [(clerk, Decimal(60)), (clerk, Decimal(40))], by=cast["clerk"])
    assert sorted(draft.authors.values_list("share", flat=True)) == [40, 60]


def test_what_is_missing_is_told_at_once(draft: Initiative, cast: dict[str, User]) -> None:
    actions.save(draft, {"summary": "", "effect": ""}, _shares(draft), by=cast["clerk"])
    with pytest.raises(Refused) as told:
        actions.submit(draft, by=cast["clerk"])
    assert told.value.reasons == ["Còn thiếu: Nội dung, tính mới.", "Còn thiếu: Hiệu quả áp dụng."]


# --- deciding -------------------------------------------------------------------------------------------
def test_nobody_decides_on_his_own(cast: dict[str, User], units: dict[str, Unit]) -> None:
    own = actions.start(facts(units["vp"]), [(cast["office"].person, Decimal(100))], by=cast["office"])
    actions.submit(own, by=cast["office"])
    load_figures()
    Initiative.objects.update(applied_on=APPLIED_ON)
    for verb in ("evaluate", "refuse", "send_back"):
        with pytest.raises(Refused, match="không có quyền"):
            ACTS[verb](own, by=cast["office"])
    with pytest.raises(Refused, match="chính mình"):
        actions.enter_recognised(
            {**facts(units["vp"]), **DECISION}, [(cast["office"].person, Decimal(100))], by=cast["office"]
        )


def test_reasons_are_asked_kept_and_shown(draft: Initiative, cast: dict[str, User]) -> None:
    bring_to(draft, "submitted", cast)
    for act in (actions.send_back, actions.refuse):
        with pytest.raises(Refused, match="Hãy ghi"):
            act(draft, by=cast["office"], comment=" ")
    actions.send_back(draft, by=cast["office"], comment="Thêm số liệu.")
    assert returned_because(draft) == "Thêm số liệu."
    actions.submit(draft, by=cast["clerk"])
    assert returned_because(draft) == ""
    actions.refuse(draft, by=cast["office"], comment="Không mới.")
    assert refused_because(draft) == "Không mới."
    with pytest.raises(Refused):
        actions.refuse(draft, by=cast["office"], comment="Lần nữa")


@pytest.mark.parametrize(
    "gap", [{"level": ""}, {"reach": ""}, {"decision_number": ""}, {"recognised_on": None},
            {"recognised_on": date(2099, 1, 1)}, {"recognised_on": date(2025, 10, 27)}]
)  # fmt: skip
def test_a_recognition_is_whole(gap: dict[str, Any], draft: Initiative, cast: dict[str, User]) -> None:
    bring_to(draft, "evaluated", cast)
    with pytest.raises(Refused):
        actions.recognise(draft, {**DECISION, **gap}, by=cast["office"])
    draft.refresh_from_db()
    assert (draft.state, draft.level, draft.decision_number) == ("evaluated", "", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=draft.pk).update(state="recognised")


def test_what_is_spent_stays_recognised(
    draft: Initiative, awards: dict[str, Award], cast: dict[str, User], client_of: ClientOf
) -> None:
    one = bring_to(draft, "recognised", cast)
    BasisUse.objects.create(initiative=one, person=cast["clerk"].person, award=awards[TITLE], year=2025)
    with pytest.raises(Refused, match="đã được dùng làm căn cứ 1 lần"):
        actions.reopen(one, by=cast["office"], comment="Nhầm")
    page = (
        client_of(cast["stranger"]).get(reverse("awards:initiative_detail", args=[one.pk])).content.decode()
    )
    assert "Lao động tiên tiến, năm 2025" in page
    assert "Diễn biến" not in page


def test_reopening_takes_the_decision_away(draft: Initiative, cast: dict[str, User]) -> None:
    one = bring_to(draft, "recognised", cast)
    actions.reopen(one, by=cast["office"], comment="Ghi nhầm số")
    one.refresh_from_db()
    assert (one.state, one.decision_number, one.recognised_on, one.level) == ("submitted", "", None, "")
    assert (one.council_met_on, one.council_advice, one.council_rule, one.evaluation) == (None, "", None, "")


def test_an_old_page_is_told(draft: Initiative, cast: dict[str, User]) -> None:
    shown = draft.version
    actions.save(draft, {"name": "Tên khác"}, _shares(draft), by=cast["colleague"], version=shown)
    with pytest.raises(Stale):
        actions.save(draft, {"name": "Tên nữa"}, _shares(draft), by=cast["clerk"], version=shown)
    with pytest.raises(Stale):
        actions.submit(draft, by=cast["clerk"], version=shown)


# --- letters and tasks ------------------------------------------------------------------------------------
def test_letters_go_to_the_office_and_back_to_the_authors(draft: Initiative, cast: dict[str, User]) -> None:
    bring_to(draft, "submitted", cast)
    assert _told("awards/initiative_submitted") == {"office"}
    actions.send_back(draft, by=cast["office"], comment="Thêm số liệu.")
    assert _told("awards/initiative_returned") == set(AUTHORS)
    assert only_behind(Letter.objects.filter(kind="awards/initiative_returned")[0], "Thêm số liệu.")
    actions.submit(draft, by=cast["colleague"])
    assert Letter.objects.filter(kind="awards/initiative_submitted").count() == 2
    Initiative.objects.update(applied_on=APPLIED_ON)
    evaluate(draft, cast)
    actions.recognise(draft, DECISION, by=cast["office"])
    assert _told("awards/initiative_recognised") == set(AUTHORS)
    body = Letter.objects.filter(kind="awards/initiative_recognised")[0].body
    assert "cấp cơ sở theo quyết định 77/QĐ-SNV ngày 03/11/2025" in body
    actions.reopen(draft, by=cast["office"], comment="Nhầm")
    actions.refuse(draft, by=cast["office"], comment="Không mới.")
    assert _told("awards/initiative_refused") == set(AUTHORS)
    assert only_behind(Letter.objects.filter(kind="awards/initiative_refused")[0], "Không mới.")


def _told(kind: str) -> set[str]:
    return set(Letter.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_what_waits_for_whom(draft: Initiative, cast: dict[str, User]) -> None:
    def titles(part: str) -> list[str]:
        return [task.title for task in tasks_of(cast[part])]

    assert titles("clerk") == [f"Hoàn thiện sáng kiến: {NAME}"]
    assert titles("office") == titles("stranger") == []
    bring_to(draft, "submitted", cast)
    assert titles("office") == ["Sáng kiến chờ đánh giá"]
    assert titles("clerk") == titles("head") == titles("inspector") == []
    evaluate(draft, cast)
    assert titles("office") == ["Sáng kiến chờ quyết định công nhận"]
    assert titles("clerk") == titles("head") == titles("inspector") == []
    actions.recognise(draft, DECISION, by=cast["office"])
    assert titles("office") == []


# --- near-duplicates ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SO HOA QUY TRINH TIEP NHAN HO SO LUU TRU", "trùng tên"),
        ("Hồ sơ lưu trữ: tiếp nhận, quy trình số hóa", "tên gần giống"),
        ("Quy trình tiếp nhận hồ sơ lưu trữ số hóa", "trùng tên"),
        ("Số hóa quy trình tiếp nhận hồ sơ người có công", "tên gần giống"),
        ("Trồng cây xanh quanh trụ sở", ""),
    ],
)
def test_names_are_compared_without_diacritics_and_order(
    name: str, reason: str, draft: Initiative, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    actions.enter_recognised(
        {**facts(units["ttlt"], name=name), **DECISION, "recognised_on": date(2019, 5, 2)},
        [(cast["stranger"].person, Decimal(100))], by=cast["office"],
    )  # fmt: skip
    found = near_duplicates(draft, cast["clerk"])
    assert [why for _, why in found.visible] == ([reason] if reason else [])


def test_drafts_of_others_are_nobodys_business_and_hidden_ones_are_counted(
    draft: Initiative, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    other = actions.start(
        facts(units["ttlt"]), [(cast["stranger"].person, Decimal(100))], by=cast["stranger"]
    )
    assert near_duplicates(draft, cast["clerk"]).count == 0
    actions.submit(other, by=cast["stranger"])
    found = near_duplicates(draft, cast["clerk"])
    assert (found.visible, found.hidden) == ([], 1)
    assert near_duplicates(draft, cast["office"]).visible == [(other, "trùng tên")]
