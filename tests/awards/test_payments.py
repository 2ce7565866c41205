"""What was really paid of a list: noted by voucher, summed up, undone when wrong, and what it means later."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import decisions, payments
from awards.models import Decision, Honour, Payment, Recovery, Review
from awards.queries.bonus import Decision as Paper
from awards.queries.bonus import bonus_list
from awards.queries.decisions import waiting
from awards.queries.payments import balance, paid_by_decision
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

ClientOf = Callable[[User], Client]
SIGNED = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
PAPER = Paper("41/QĐ-SNV", date(2025, 2, 10), "Giám đốc Sở Nội vụ")
VOUCHER: dict[str, Any] = {"on": date(2025, 2, 20), "voucher": "Phiếu chi số 12"}
ASKED = "?" + urlencode({"so": PAPER.number, "ngay": "2025-02-10"})
WORTH = Decimal(2_340_000)  # of the higher title; the lower one of the same year is not paid beside it


@pytest.fixture
def issued(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Decision:
    review: Review = carried_review(office, cast["clerk"], units["cchc"])
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, SIGNED, by=office)
    return decision


@pytest.fixture
def fighter(issued: Decision) -> Honour:
    return Honour.objects.get(award__code=FIGHTER)


def test_a_voucher_is_noted_and_the_sums_say_so(fighter: Honour, office: User, client_of: ClientOf) -> None:
    client, page = client_of(office), reverse("awards:bonus_detail") + ASKED
    assert "còn phải chi 2.340.000 đồng (1 lượt)" in client.get(page).content.decode()
    form = reverse("awards:bonus_pay") + ASKED
    assert "2.340.000" in client.get(form).content.decode()
    typed = {"on": "20/02/2025", "voucher": "Phiếu chi số 12", f"amount_{fighter.pk}": "2.340.000"}
    assert client.post(form, {**typed, "voucher": ""}).status_code == 422
    assert not Payment.objects.exists()
    assert client.post(form, typed)["Location"] == page
    one = Payment.objects.get()
    assert (one.honour, one.amount, one.paid_on, one.voucher) == (
        fighter,
        WORTH,
        VOUCHER["on"],
        VOUCHER["voucher"],
    )
    assert history_of(one).get().comment == "2.340.000 đồng, ngày 20/02/2025, Phiếu chi số 12."
    html = client.get(page).content.decode()
    assert "Đã chi 2.340.000 đồng (1 lượt); còn phải chi 0 đồng (0 lượt)" in html
    assert "Ghi đã chi" not in html
    assert client.get(form).status_code == 302
    listed = client.get(reverse("awards:bonus_list")).content.decode()
    assert 'data-label="Đã chi">2.340.000' in listed
    assert paid_by_decision([PAPER]) == {PAPER: WORTH}


def test_a_wrong_record_is_undone_and_stays_to_be_read(
    fighter: Honour, office: User, client_of: ClientOf
) -> None:
    [one] = payments.pay(PAPER, {fighter.pk: WORTH}, by=office, **VOUCHER)
    with pytest.raises(Refused, match="lý do bỏ ghi"):
        payments.undo(one, reason=" ", by=office)
    client = client_of(office)
    undone = client.post(reverse("awards:payment_undo", args=[one.pk]), {"reason": "Nhầm quyết định"})
    back = {"so": PAPER.number, "ngay": "2025-02-10", "co-quan": PAPER.issuer}
    assert undone["Location"] == f"{reverse('awards:bonus_detail')}?{urlencode(back)}"
    with pytest.raises(AlreadyDone):
        payments.undo(one, reason="Lần nữa", by=office)
    line = history_of(one).get(verb="undo")
    assert line.comment.endswith("Phiếu chi số 12.\nLý do: Nhầm quyết định")
    kept = balance(bonus_list(PAPER))
    assert (kept.paid, kept.outstanding, [row.pk for row in kept.undone]) == (0, WORTH, [one.pk])
    html = client.get(reverse("awards:bonus_detail") + ASKED).content.decode()
    assert "Nhầm quyết định" in html
    payments.pay(PAPER, {fighter.pk: WORTH}, by=office, **VOUCHER)
    assert Payment.objects.in_force().count() == 1


def test_the_paper_was_not_signed_after_its_money_was_paid(
    issued: Decision, fighter: Honour, office: User
) -> None:
    [one] = payments.pay(PAPER, {fighter.pk: WORTH}, by=office, **VOUCHER)
    with pytest.raises(Refused, match=r"ghi chi ngày 20/02/2025 \(Phiếu chi số 12\), trước ngày ký mới"):
        decisions.correct(issued, {"signed_on": date(2025, 2, 21)}, reason="Nhầm", by=office)
    issued.refresh_from_db()
    decisions.correct(issued, {"signed_on": date(2025, 2, 20)}, reason="Nhầm", by=office)
    payments.undo(one, reason="Nhầm", by=office)
    decisions.correct(issued, {"signed_on": date(2025, 2, 21)}, reason="Nhầm", by=office)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"voucher": " "}, "số chứng từ"),
        ({"on": date(2025, 2, 9)}, "từ ngày quyết định"),
        ({"on": date(2999, 1, 1)}, "sau hôm nay"),
        ({"amount": Decimal(2_000_000)}, "khác danh sách"),
        ({"amount": Decimal(0)}, "lớn hơn 0"),
        ({"amount": Decimal("0.5")}, "lớn hơn 0"),
    ],
)
def test_what_does_not_fit_is_refused(
    changes: dict[str, Any], said: str, fighter: Honour, office: User
) -> None:
    values = {**VOUCHER, "amount": WORTH, **changes}
    amounts = {fighter.pk: values.pop("amount")}
    with pytest.raises(Refused, match=said):
        payments.pay(PAPER, amounts, by=office, **values)
    assert not Payment.objects.exists()


def test_another_sum_with_its_reason_but_no_line_twice_and_none_that_is_not_on_the_list(
    fighter: Honour, office: User, second_office: User
) -> None:
    lower = Honour.objects.get(award__code=LABORER)
    for amounts, said in (({}, "ít nhất một dòng"), ({lower.pk: WORTH}, "không còn trong danh sách")):
        with pytest.raises(Refused, match=said):
            payments.pay(PAPER, amounts, by=office, **VOUCHER)
    part = {fighter.pk: Decimal(2_000_000)}
    payments.pay(PAPER, part, by=office, note="Trừ tạm ứng", **VOUCHER)
    with pytest.raises(AlreadyDone):
        payments.pay(PAPER, part, by=office, note="Trừ tạm ứng", **VOUCHER)
    with pytest.raises(Refused, match="đã ghi chi. 2.000.000 đồng"):
        payments.pay(PAPER, part, by=second_office, note="Trừ tạm ứng", **VOUCHER)
    assert Payment.objects.count() == 1


def test_nobody_notes_what_he_received_himself(
    office: User, second_office: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    review = carried_review(office, office, units["vp"])
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, SIGNED, by=office)
    own = Honour.objects.get(award__code=FIGHTER)
    with pytest.raises(Refused, match="của chính mình"):
        payments.pay(PAPER, {own.pk: WORTH}, by=office, **VOUCHER)
    assert client_of(office).get(reverse("awards:bonus_pay") + ASKED).status_code == 302
    [one] = payments.pay(PAPER, {own.pk: WORTH}, by=second_office, **VOUCHER)
    with pytest.raises(Refused, match="không phải của chính mình"):
        payments.undo(one, reason="Nhầm", by=office)


@pytest.mark.parametrize("part", ["clerk", "head", "director", "inspector", "technician", "stranger"])
def test_nobody_else_notes_payments(
    part: str, fighter: Honour, cast: dict[str, User], client_of: ClientOf
) -> None:
    [one] = payments.pay(PAPER, {fighter.pk: WORTH}, by=cast["office"], **VOUCHER)
    client = client_of(cast[part])
    assert client.get(reverse("awards:bonus_pay") + ASKED).status_code == 404
    assert client.post(reverse("awards:payment_undo", args=[one.pk]), {"reason": "x"}).status_code == 404
    for act in (
        lambda: payments.pay(PAPER, {fighter.pk: WORTH}, by=cast[part], **VOUCHER),
        lambda: payments.undo(one, reason="x", by=cast[part]),
    ):
        with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
            act()


def test_what_was_really_paid_is_what_has_to_come_back(
    issued: Decision, fighter: Honour, office: User, client_of: ClientOf
) -> None:
    [one] = payments.pay(PAPER, {fighter.pk: Decimal(2_000_000)}, by=office, note="Trừ tạm ứng", **VOUCHER)
    decisions.cancel(issued, on=date(2025, 3, 1), number="50/QĐ-SNV", by=office, comment="Kê khai sai")
    recovery = Recovery.objects.get(honour=fighter, kind="money")
    assert (recovery.amount, recovery.state) == (Decimal(2_000_000), "due")
    page = client_of(office).get(reverse("awards:recovery_detail", args=[recovery.pk])).content.decode()
    assert "2.000.000 đồng, ngày 20/02/2025, Phiếu chi số 12" in page
    with pytest.raises(Refused, match="ghi ở trang thu hồi"):
        payments.undo(one, reason="Nhầm", by=office)
    with pytest.raises(Refused, match="không còn trong danh sách chi"):
        payments.pay(PAPER, {Honour.objects.get(award__code=LABORER).pk: WORTH}, by=office, **VOUCHER)
    html = client_of(office).get(reverse("awards:bonus_detail") + ASKED).content.decode()
    assert "Đã chi: 2.000.000 đồng" in html


def test_the_page_costs_the_same_for_many_lines(
    issued: Decision, fighter: Honour, office: User, cast: dict[str, User], client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    payments.pay(PAPER, {fighter.pk: WORTH}, by=office, **VOUCHER)

    def grow() -> None:
        for part in ("colleague", "head", "deputy"):
            one = Honour.objects.create(
                award=fighter.award, person=cast[part].person, year=2024, entered_by=office, name_then=part,  # type: ignore[attr-defined]
                decided_on=PAPER.day, decision_number=PAPER.number, decided_by=PAPER.issuer, search_key="41/qd-snv",
            )  # fmt: skip
            payments.pay(PAPER, {one.pk: WORTH}, by=office, **VOUCHER)

    assert_same_queries(client_of(office), reverse("awards:bonus_detail") + ASKED, grow)
