"""Stories about computing and adjusting a list."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from awards import actions, queries
from awards.models import Award, AwardEntry, AwardList
from campaigns.models import CampaignYear
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import Person, User
from scoring.models import Scorecard
from tests.awards.builders import LETTER, LETTER_UNIT, MERIT_UNIT, TITLE, published_sheet, republish

EntryOf = Callable[[Person], AwardEntry]
Source = AwardEntry.Source


def names(award_list: AwardList) -> list[str]:
    return [row.name for row in queries.award_rows(award_list)]


# --- computing ----------------------------------------------------------------------------------------
def test_the_list_holds_who_meets_the_conditions(award_list: AwardList) -> None:
    rows = queries.award_rows(award_list)

    assert [(row.recipient, row.number, row.name, row.award) for row in rows] == [
        ("collective", 1, "Văn phòng Sở", "Giấy khen của Giám đốc Sở Nội vụ"),
        ("collective", 2, "Phòng Cải cách hành chính", "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"),
        ("individual", 1, "Đỗ Thị Hà", "Giấy khen của Giám đốc Sở Nội vụ"),
        ("individual", 2, "Lê Minh Châu", "Giấy khen của Giám đốc Sở Nội vụ"),
        ("individual", 3, "Nguyễn Văn An", "Giấy khen của Giám đốc Sở Nội vụ"),
        ("individual", 4, "Đặng Văn Tùng", "Giấy khen của Giám đốc Sở Nội vụ"),
    ]
    assert rows[1].note == "Cũng đủ điều kiện: Giấy khen của Giám đốc Sở Nội vụ"
    assert rows[2].score == Decimal(90)
    assert {str(row.scorecard) for row in queries.missing(award_list)} == {
        "Phòng Tổ chức cán bộ",
        "Trần Thị Bình",
        "Phạm Quốc Duy",
    }
    line = history_of(award_list).get()
    assert (line.verb, line.comment) == ("compute", "6 dòng đủ điều kiện.")


def test_nothing_published_nothing_computed(
    campaign_year: CampaignYear, awards: dict[str, Award], office: User
) -> None:
    with pytest.raises(Refused, match="Chưa công bố kết quả"):
        actions.compute(campaign_year, by=office)
    assert not AwardList.objects.exists()


def test_without_conditions_nothing_is_computed(published: CampaignYear, office: User) -> None:
    published.campaign.award_conditions.all().delete()

    with pytest.raises(Refused, match="Chưa có điều kiện"):
        actions.compute(published, by=office)


def test_computing_again_changes_nothing(
    award_list: AwardList, published: CampaignYear, office: User
) -> None:
    before = list(award_list.entries.order_by("pk").values("scorecard", "award", "score", "source", "change"))

    again = actions.compute(published, by=office)

    assert again.pk == award_list.pk
    assert (
        list(again.entries.order_by("pk").values("scorecard", "award", "score", "source", "change")) == before
    )
    assert history_of(again).first().comment == "Không có gì thay đổi."


def test_computing_again_keeps_what_was_changed_by_hand(
    award_list: AwardList,
    published: CampaignYear,
    awards: dict[str, Award],
    entry_of: EntryOf,
    cast: dict[str, User],
) -> None:
    office = cast["office"]
    actions.remove_entry(entry_of(cast["clerk"].person), reason="Đang xem xét kỷ luật", by=office)
    actions.change_award(
        entry_of(cast["head"].person), award=awards["bang-khen"], reason="Hội đồng nhất trí", by=office
    )
    actions.add_entry(
        award_list,
        published_sheet(award_list, cast["colleague"]),
        award=awards[LETTER],
        reason="Đột xuất",
        by=office,
    )
    republish(
        published,
        {
            cast["clerk"]: "80",
            cast["head"]: "94",
            cast["colleague"]: "92",
            cast["deputy"]: "91",
            cast["office"]: "89",
        },
        by=office,
    )
    actions.compute(published, by=office)

    by_name = {str(entry.scorecard): entry for entry in queries.ordered(award_list.entries.all())}
    clerk, head, colleague = by_name["Nguyễn Văn An"], by_name["Lê Minh Châu"], by_name["Trần Thị Bình"]
    assert (clerk.source, clerk.reason) == (Source.REMOVED, "Đang xem xét kỷ luật")
    assert (
        clerk.change == "Điểm 95,75 → 80,00; Đề xuất theo điều kiện: Giấy khen của Giám đốc Sở Nội vụ → không"
    )
    assert (head.source, head.award.code, head.score, head.change) == (
        Source.CHANGED,
        "bang-khen",
        Decimal(94),
        "Điểm 93,00 → 94,00",
    )
    assert (colleague.source, colleague.reason, colleague.computed_award) == (
        Source.ADDED,
        "Đột xuất",
        awards[LETTER],
    )
    assert by_name["Phạm Quốc Duy"].change == "Mới đủ điều kiện"
    assert "Đỗ Thị Hà" not in by_name
    assert "Đặng Văn Tùng" not in by_name
    comment = history_of(award_list).first().comment
    assert "Thêm: Phạm Quốc Duy." in comment
    assert "Bỏ vì không còn đủ điều kiện: Đỗ Thị Hà, Đặng Văn Tùng." in comment


def test_a_row_by_hand_stays_without_a_result(
    award_list: AwardList,
    published: CampaignYear,
    entry_of: EntryOf,
    cast: dict[str, User],
    awards: dict[str, Award],
) -> None:
    entry = entry_of(cast["clerk"].person)
    actions.change_award(entry, award=awards["bang-khen"], reason="Hội đồng nhất trí", by=cast["office"])
    republish(published, {cast["head"]: "93"}, by=cast["office"])
    actions.compute(published, by=cast["office"])

    entry.refresh_from_db()
    assert (entry.source, entry.score, entry.band) == (Source.CHANGED, None, "")
    assert entry.change.startswith("Không còn kết quả đã công bố")
    assert queries.award_rows(award_list)[-1].score_text == ""


def test_the_list_knows_when_it_is_outdated(
    award_list: AwardList, published: CampaignYear, cast: dict[str, User]
) -> None:
    assert queries.outdated(award_list) == []

    republish(published, {cast["head"]: "93"}, by=cast["office"])
    published.campaign.award_conditions.filter(award__code=LETTER).update(minimum_score=Decimal(92))

    assert len(queries.outdated(award_list)) == 2


# --- adjusting ----------------------------------------------------------------------------------------
def test_add_somebody_with_a_reason(
    award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    entry = actions.add_entry(
        award_list,
        published_sheet(award_list, cast["colleague"]),
        award=awards[LETTER],
        reason="Thành tích đột xuất",
        note="Cứu tài liệu trong lũ",
        by=cast["office"],
    )

    assert (entry.source, entry.score, entry.band) == (Source.ADDED, Decimal("89.5"), "Tốt")
    row = next(row for row in queries.award_rows(award_list) if row.name == "Trần Thị Bình")
    assert row.note == "Cứu tài liệu trong lũ"
    line = history_of(award_list).first()
    assert line.comment == "Trần Thị Bình – Giấy khen của Giám đốc Sở Nội vụ. Lý do: Thành tích đột xuất"


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_every_change_needs_its_reason(
    reason: str, award_list: AwardList, awards: dict[str, Award], entry_of: EntryOf, cast: dict[str, User]
) -> None:
    office, entry = cast["office"], entry_of(cast["clerk"].person)
    acts = [
        lambda: actions.add_entry(
            award_list,
            published_sheet(award_list, cast["colleague"]),
            award=awards[LETTER],
            reason=reason,
            by=office,
        ),
        lambda: actions.remove_entry(entry, reason=reason, by=office),
        lambda: actions.change_award(entry, award=awards["bang-khen"], reason=reason, by=office),
    ]
    for act in acts:
        with pytest.raises(Refused, match="Hãy ghi lý do"):
            act()
    assert award_list.entries.exclude(source=Source.COMPUTED).count() == 0


def test_the_database_keeps_no_change_without_a_reason(award_list: AwardList) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        award_list.entries.update(source=Source.ADDED, reason="")


def test_one_achievement_one_award(
    award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    with pytest.raises(Refused, match="đã có trong danh sách"):
        actions.add_entry(
            award_list,
            published_sheet(award_list, cast["clerk"]),
            award=awards["bang-khen"],
            reason="Thêm",
            by=cast["office"],
        )


def test_only_published_results_may_be_added(
    award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    sheet = Scorecard.objects.create(
        campaign_year=award_list.campaign_year,
        criteria_set=award_list.campaign_year.criteria_sets.first(),
        person=cast["inspector"].person,
        unit=cast["inspector"].person.postings.first().unit,
        unit_name="Thanh tra Sở",
    )
    with pytest.raises(Refused, match="chưa có kết quả đã công bố"):
        actions.add_entry(award_list, sheet, award=awards[LETTER], reason="Thêm", by=cast["office"])


@pytest.mark.parametrize(
    ("code", "sentence"), [(LETTER_UNIT, "chỉ dành cho tập thể"), (TITLE, "theo chuyên đề")]
)
def test_the_award_must_fit(
    code: str, sentence: str, award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.add_entry(
            award_list,
            published_sheet(award_list, cast["colleague"]),
            award=awards[code],
            reason="Thêm",
            by=cast["office"],
        )


def test_take_off_and_put_back(award_list: AwardList, entry_of: EntryOf, cast: dict[str, User]) -> None:
    entry = entry_of(cast["clerk"].person)
    actions.remove_entry(entry, reason="Đang xem xét kỷ luật", by=cast["office"])
    assert "Nguyễn Văn An" not in names(award_list)
    assert [str(one.scorecard) for one in queries.taken_off(award_list)] == ["Nguyễn Văn An"]
    with pytest.raises(Refused, match="trước đó"):
        actions.remove_entry(entry, reason="Lần nữa", by=cast["office"])

    actions.restore_entry(entry, reason="Kết luận không vi phạm", by=cast["office"])
    entry.refresh_from_db()
    assert "Nguyễn Văn An" in names(award_list)
    assert (entry.source, entry.reason) == (Source.COMPUTED, "")
    assert "Kết luận không vi phạm" in history_of(award_list).first().comment
    with pytest.raises(Refused, match="đang có trong danh sách"):
        actions.restore_entry(entry, reason="Lần nữa", by=cast["office"])


def test_another_award_and_back_to_the_proposed_one(
    award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    entry = award_list.entries.get(award=awards[MERIT_UNIT])
    actions.change_award(entry, award=awards[LETTER_UNIT], reason="Tỉnh không nhận", by=cast["office"])
    entry.refresh_from_db()
    assert (entry.source, entry.reason, entry.also_meets) == (Source.CHANGED, "Tỉnh không nhận", "")

    actions.change_award(entry, award=awards[MERIT_UNIT], reason="Tỉnh đã nhận", by=cast["office"])
    entry.refresh_from_db()
    assert (entry.source, entry.reason) == (Source.COMPUTED, "")
    with pytest.raises(Refused, match="hình thức khác"):
        actions.change_award(entry, award=awards[MERIT_UNIT], reason="Lần nữa", by=cast["office"])


def test_a_note_needs_no_reason_and_is_printed(
    award_list: AwardList, entry_of: EntryOf, cast: dict[str, User]
) -> None:
    actions.set_note(entry_of(cast["clerk"].person), note="Có sáng kiến", by=cast["office"])

    assert [row.note for row in queries.award_rows(award_list) if row.name == "Nguyễn Văn An"] == [
        "Có sáng kiến"
    ]


def test_nobody_adjusts_the_row_about_himself(
    award_list: AwardList, awards: dict[str, Award], entry_of: EntryOf, office: User, second_office: User
) -> None:
    entry = entry_of(office.person)
    acts = [
        lambda by: actions.change_award(entry, award=awards["bang-khen"], reason="Xứng đáng", by=by),
        lambda by: actions.set_note(entry, note="Xứng đáng", by=by),
        lambda by: actions.remove_entry(entry, reason="Xin rút", by=by),
        lambda by: actions.restore_entry(entry, reason="Xin lại", by=by),
    ]
    for act in acts:
        with pytest.raises(Refused, match="về chính mình"):
            act(office)
        act(second_office)


def test_nobody_adds_himself(
    award_list: AwardList,
    published: CampaignYear,
    awards: dict[str, Award],
    office: User,
    cast: dict[str, User],
) -> None:
    republish(published, {office: "60", cast["head"]: "93"}, by=office)
    actions.compute(published, by=office)

    with pytest.raises(Refused, match="về chính mình"):
        actions.add_entry(
            award_list,
            published_sheet(award_list, office),
            award=awards[LETTER],
            reason="Xứng đáng",
            by=office,
        )


def test_the_second_of_two_is_told(
    award_list: AwardList, entry_of: EntryOf, office: User, second_office: User, cast: dict[str, User]
) -> None:
    read = entry_of(cast["clerk"].person).version
    actions.set_note(entry_of(cast["clerk"].person), note="Một", by=second_office, version=read)

    with pytest.raises(Stale):
        actions.set_note(entry_of(cast["clerk"].person), note="Hai", by=office, version=read)
    assert entry_of(cast["clerk"].person).note == "Một"
