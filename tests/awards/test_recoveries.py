"""After a decision is cancelled: what comes back, what rests on it, and its nominations decided anew."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards.actions import decisions, recoveries, register
from awards.models import AnnualRating, Award, BasisUse, Decision, DecisionEntry, Honour, Recovery, Review
from awards.queries import tasks_of
from awards.queries.decisions import decidable, resting_on, undecided, waiting
from awards.queries.recoveries import totals
from awards.workflow import RECOVERY
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review
from tests.cast import fresh

ClientOf = Callable[[User], Client]
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
CANCELLED = {"on": date(2025, 3, 1), "number": "50/QĐ-SNV"}
BACK = {"on": date(2025, 3, 5), "paper": "Phiếu thu số 12"}
MONEY, GIFT = Recovery.Kind.MONEY, Recovery.Kind.GIFT


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Rated good, so that the higher title rests on the initiative."""
    review = carried_review(office, cast["clerk"], units["cchc"])
    AnnualRating.objects.update(grade="good")
    return review


@pytest.fixture
def issued(review: Review, office: User) -> Decision:
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    return decision


@pytest.fixture
def cancelled(issued: Decision, office: User) -> Decision:
    decisions.cancel(issued, **CANCELLED, by=office, comment="Kê khai sai")  # type: ignore[arg-type]
    return issued


def of(code: str, kind: str) -> Recovery:
    return Recovery.objects.get(honour__award__code=code, kind=kind)


# --- recovery -------------------------------------------------------------------------------------------
def test_what_was_paid_is_to_be_recovered_and_what_was_not_is_not(cancelled: Decision, office: User) -> None:
    """Of two titles of one year the higher was paid alone."""
    assert (of(FIGHTER, MONEY).amount, of(FIGHTER, MONEY).state) == (Decimal(2_340_000), "due")
    lower = of(LABORER, MONEY)
    assert (lower.amount, lower.state) == (0, "nothing")
    assert "chi theo danh hiệu cao hơn" in lower.note
    assert {of(code, GIFT).state for code in (FIGHTER, LABORER)} == {"due"}
    money, gift = totals(Recovery.objects.all())
    assert (money.due, money.to_recover, money.nothing, gift.due) == (1, 2_340_000, 1, 2)
    task = tasks_of(fresh(office))[-1]
    assert (task.title, task.count) == ("Thu hồi tiền thưởng, hiện vật của khen thưởng đã hủy", 3)


def test_one_honour_cancelled_alone_is_recovered_alone(issued: Decision, office: User) -> None:
    honour = Honour.objects.get(award__code=FIGHTER)
    register.cancel(honour, **CANCELLED, reason="Kê khai sai", by=office)  # type: ignore[arg-type]
    assert set(Recovery.objects.values_list("honour__award__code", "kind", "amount")) == {
        (FIGHTER, "money", Decimal(2_340_000)),
        (FIGHTER, "gift", None),
    }
    assert [one.award.code for one in decidable(issued.review)] == [FIGHTER]
    assert Decision.objects.get().state == "issued"


def test_money_comes_back_on_a_day_by_a_paper(cancelled: Decision, office: User) -> None:
    money = of(FIGHTER, MONEY)
    due = Decimal(2_340_000)
    for wrong, said in (
        ({**BACK, "paper": " "}, "Hãy ghi chứng từ"),
        ({**BACK, "on": date(2025, 2, 28)}, "từ ngày hủy khen thưởng"),
        ({**BACK, "on": date(2999, 1, 1)}, "không được sau hôm nay"),
        ({**BACK, "recovered": None}, "Hãy ghi số tiền"),
        ({**BACK, "recovered": Decimal(340_000)}, "khác số phải thu hồi"),
    ):
        with pytest.raises(Refused, match=said):
            recoveries.recover(money, **{"recovered": due, **wrong}, by=office)  # type: ignore[arg-type]
    assert of(FIGHTER, MONEY).state == "due"
    recoveries.recover(
        money, **BACK, recovered=Decimal(340_000), note="Phần còn lại trừ vào lương", by=office, version=1  # type: ignore[arg-type]
    )  # fmt: skip
    money = of(FIGHTER, MONEY)
    assert (money.state, money.recovered, money.done_on) == ("done", 340_000, date(2025, 3, 5))
    with pytest.raises(AlreadyDone):
        recoveries.recover(money, **BACK, recovered=due, by=office)  # type: ignore[arg-type]
    assert totals(Recovery.objects.all())[0].recovered == 340_000


def test_a_wrong_note_is_taken_back_with_a_reason_and_the_journal_keeps_it(
    cancelled: Decision, office: User
) -> None:
    gift = of(FIGHTER, GIFT)
    with pytest.raises(Refused, match="lý do không phải thu hồi"):
        recoveries.waive(gift, by=office)
    recoveries.waive(gift, by=office, comment="Chưa trao bằng")
    assert (of(FIGHTER, GIFT).state, of(FIGHTER, GIFT).note) == ("nothing", "Chưa trao bằng")
    with pytest.raises(Refused, match="lý do ghi lại"):
        recoveries.put_back(gift, by=office)
    with pytest.raises(Stale):
        recoveries.put_back(gift, by=office, comment="Đã trao", version=1)
    recoveries.put_back(of(FIGHTER, GIFT), by=office, comment="Đã trao ngày 12/02")
    gift = of(FIGHTER, GIFT)
    assert (gift.state, gift.note) == ("due", "")
    recoveries.recover(gift, **BACK, by=office)  # type: ignore[arg-type]
    assert [(one.verb, one.comment) for one in history_of(gift)] == [
        ("recover", "Ngày 05/03/2025, Phiếu thu số 12."),
        ("put_back", "Đã trao ngày 12/02"),
        ("waive", "Chưa trao bằng"),
        ("begin", ""),
    ]


def test_matrix_of_states_roles_and_verbs(cancelled: Decision, cast: dict[str, User]) -> None:
    recovery = of(FIGHTER, GIFT)
    acts: dict[str, Callable[[User], None]] = {
        "recover": lambda by: recoveries.recover(recovery, **BACK, by=by),  # type: ignore[arg-type]
        "waive": lambda by: recoveries.waive(recovery, by=by, comment="Chưa trao"),
        "put_back": lambda by: recoveries.put_back(recovery, by=by, comment="Ghi nhầm"),
    }
    assert set(acts) == set(RECOVERY.moves)
    allowed = {"due": {"recover", "waive"}, "done": {"put_back"}, "nothing": {"put_back"}}
    for state, verbs in allowed.items():
        Recovery.objects.filter(pk=recovery.pk).update(state=state, done_on=BACK["on"], paper="x", note="x")
        recovery.refresh_from_db()
        for part, user in cast.items():
            mine = verbs if part == "office" else set()
            assert {move.verb for move in RECOVERY.available(recovery, user)} == mine, (part, state)
            for verb in set(acts) - mine:
                with pytest.raises(Refused):
                    acts[verb](user)
                recovery.refresh_from_db()
                assert recovery.state == state


def test_nobody_notes_the_recovery_of_his_own_honour(cancelled: Decision, office: User) -> None:
    Honour.objects.update(person=office.person)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="không có quyền"):
        recoveries.waive(of(FIGHTER, GIFT), by=office, comment="Chưa trao")


# --- pages ----------------------------------------------------------------------------------------------
def test_the_pages_of_recovery(cancelled: Decision, cast: dict[str, User], client_of: ClientOf) -> None:
    listed, money = reverse("awards:recovery_list"), of(FIGHTER, MONEY)
    page = reverse("awards:recovery_detail", args=[money.pk])
    note = reverse("awards:recovery_note", args=[money.pk])
    sees = {"office", "inspector", "director"}
    for part, user in cast.items():
        wanted = 200 if part in sees else 404
        assert [client_of(user).get(one).status_code for one in (listed, page)] == [wanted, wanted], part
        assert client_of(user).get(note).status_code == (200 if part == "office" else 404)
    client = client_of(cast["office"])
    html = client.get(listed).content.decode()
    assert "2.340.000" in html
    assert html.count("Nguyễn Văn An") == 4
    assert "Nguyễn Văn An" not in client.get(f"{listed}?q=khac").content.decode()
    typed = {"recovered": "340.000", "on": "05/03/2025", "paper": "Phiếu thu số 12", "version": 1}
    answer = client.post(note, typed)
    assert answer.status_code == 422
    assert "khác số phải thu hồi (2.340.000 đồng)" in answer.content.decode()
    assert "Phiếu thu số 12" in answer.content.decode()
    assert client.post(note, {**typed, "note": "Trả dần"})["Location"] == page
    html = client.get(page).content.decode()
    assert "340.000 đồng" in html
    assert "Đã thu hồi" in html
    move = reverse("awards:recovery_move", args=[money.pk, "put_back"])
    assert client_of(cast["clerk"]).post(move, {"comment": "x"}).status_code == 404
    client_of(cast["inspector"]).post(move, {"comment": "x"})
    assert of(FIGHTER, MONEY).state == "done"
    client.post(move, {"comment": "Phiếu thu sai", "version": 2})
    assert of(FIGHTER, MONEY).state == "due"
    honour = client.get(reverse("awards:honour_detail", args=[money.honour_id])).content.decode()
    assert page in honour
    assert page not in client_of(cast["clerk"]).get(
        reverse("awards:honour_detail", args=[money.honour_id])
    ).content.decode()  # fmt: skip


def test_the_list_costs_as_much_for_few_as_for_many(
    issued: Decision, office: User, client_of: ClientOf, assert_same_queries: Any
) -> None:
    first, second = Honour.objects.order_by("pk")
    register.cancel(first, **CANCELLED, reason="Kê khai sai", by=office)  # type: ignore[arg-type]

    def grow() -> None:
        register.cancel(second, **CANCELLED, reason="Kê khai sai", by=office)  # type: ignore[arg-type]

    assert_same_queries(client_of(office), reverse("awards:recovery_list"), grow)


def test_what_rests_on_a_decision_is_shown_before_and_after_it_is_cancelled(
    issued: Decision, office: User, client_of: ClientOf
) -> None:
    fighter = Honour.objects.get(award__code=FIGHTER)
    built = [
        Honour.objects.create(
            person=fighter.person, award=fighter.award, year=year, decision_number=f"{year}/QĐ",
            decided_on=date(year, 12, 1), decided_by="Chủ tịch UBND tỉnh", name_then=f"Bằng khen {year}",
        )
        for year in (2025, 2026)
    ]  # fmt: skip
    BasisUse.objects.create(
        honour=fighter, person=fighter.person, award=fighter.award, year=2025, gave=built[0]
    )
    BasisUse.objects.create(
        honour=built[0], person=fighter.person, award=fighter.award, year=2026, gave=built[1]
    )
    assert resting_on([fighter]) == [built[1], built[0]]  # however far
    client = client_of(office)
    act = reverse("awards:decision_act", args=[issued.pk, "cancel"])
    html = client.get(act).content.decode()
    assert "2 khen thưởng còn hiệu lực dựa trên khen thưởng sắp hủy" in html
    assert "Bằng khen 2026" in html
    answer = client.post(act, {"number": "50/QĐ", "on": "01/03/2025", "comment": "Kê khai sai"})
    html = client.get(answer["Location"]).content.decode()
    assert "Cần xem lại: 2 khen thưởng" in html
    assert "Bằng khen 2025" in html
    assert "1 chưa thu hồi (2.340.000 đồng)" in html


# --- decided anew ---------------------------------------------------------------------------------------
def test_the_nominations_of_a_cancelled_decision_are_decided_anew(
    cancelled: Decision, office: User, client_of: ClientOf
) -> None:
    review = cancelled.review
    assert list(undecided(review)) == []  # nobody has to
    assert not waiting(review).exists()
    assert decidable(review).count() == 2
    client = client_of(office)
    listed = client.get(reverse("awards:decision_list", args=[review.pk])).content.decode()
    assert "2 trường hợp có thể xét lại" in listed
    form = client.get(reverse("awards:decision_draft", args=[review.pk, "so"])).content.decode()
    assert form.count("(xét lại: quyết định 41/QĐ-SNV đã hủy)") == 2
    assert 'name="nominations"' in form
    assert "checked" not in form
    again = decisions.draft(review, "so", decidable(review), DECISION_HEAD, by=office)
    honours = decisions.issue(again, {**PAPER, "number": "60/QĐ-SNV"}, by=office)
    assert [one.decision_number for one in honours] == ["60/QĐ-SNV"] * 2
    assert Honour.objects.in_force().count() == 2
    assert BasisUse.objects.in_force().exists()
    assert cancelled.entries.count() == 2  # kept for the record
    assert not decidable(review).exists()
    page = client.get(reverse("awards:decision_detail", args=[cancelled.pk])).content.decode()
    assert "Nguyễn Văn An" in page


def test_what_the_province_refused_is_proposed_again(review: Review, office: User) -> None:
    Award.objects.update(level="tinh")
    first = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    letter = {"letter_number": "7/TTr", "letter_date": date(2025, 2, 1)}
    decisions.send_up(first, letter, by=office)
    decisions.refuse_one(first.entries.get(nomination__award__code=FIGHTER), reason="Thiếu hồ sơ", by=office)
    assert [one.award.code for one in decidable(review)] == [FIGHTER]
    second = decisions.draft(review, "tinh", decidable(review), DECISION_HEAD, by=office)
    with pytest.raises(Refused, match="không đưa vào được"):
        decisions.draft(review, "tinh", review.nominations.all(), DECISION_HEAD, by=office)
    decisions.issue(first, PAPER, by=office)
    decisions.send_up(second, letter, by=office)
    decisions.refuse(second, by=office, comment="Văn bản 9/UBND")
    assert [one.award.code for one in decidable(review)] == [FIGHTER]
    assert list(undecided(review)) == []


def test_the_database_itself_keeps_a_nomination_on_one_list(issued: Decision, office: User) -> None:
    other = Decision(review=issued.review, level="so", title="Khác", prepared_by=office)
    other.save()
    entry = issued.entries.first()
    assert entry
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionEntry.objects.create(decision=other, nomination=entry.nomination)


# --- bonus of one decision --------------------------------------------------------------------------------
def command(*args: str) -> str:
    out = StringIO()
    call_command("bonus", *args, stdout=out)
    return out.getvalue()


def test_the_bonus_of_a_decision_by_its_number_on_the_portal(issued: Decision, office: User) -> None:
    told = json.loads(command("--decision", str(issued.pk), "--format", "json"))
    assert told["decision"] == {
        "id": issued.pk, "number": "41/QĐ-SNV", "day": "2025-02-10", "issuer": "Giám đốc Sở Nội vụ",
    }  # fmt: skip
    assert told["total"] == 2_340_000
    assert [(one["name"], one["amount"]) for one in told["funds"]] == [
        ("Quỹ thi đua, khen thưởng của Sở", 2_340_000)
    ]
    assert [(one["name"], one["count"]) for one in told["units"]] == [("Phòng Cải cách hành chính", 1)]
    draft = Decision.objects.create(review=issued.review, level="so", title="Nháp", prepared_by=office)
    with pytest.raises(CommandError, match="chưa ban hành"):
        command("--decision", str(draft.pk))
    with pytest.raises(CommandError, match="Không có quyết định nào"):
        command("--decision", "99999")
    with pytest.raises(CommandError):
        command("--decision", "1", "--number", "41/QĐ-SNV")
