"""Criteria sets: drafting, freezing, versions, differences."""

from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.actions import campaigns as campaign_acts
from campaigns.actions import criteria as acts
from campaigns.models import AppliesTo, CampaignYear, CriteriaSet, Recipient
from campaigns.queries import criteria_in_use, differences, leaves, previous_version, sum_warnings, tree
from core.journal import history_of
from core.workflow import Refused, Stale
from tests.campaigns.stories import draft_campaign, leaf, post, ready_campaign, small_set, text_of


@pytest.fixture
def draft(office) -> CriteriaSet:
    return small_set(office, draft_campaign(office).years.get())


def codes(criteria_set):
    return list(criteria_set.criteria.order_by("position").values_list("code", flat=True))


def criterion_data(**changes):
    data = {
        "version": "1",
        "code": "1.2",
        "name": "Sáng kiến",
        "applies_to": "both",
        "method": "count_capped",
        "param_points_each": "1,5",
        "param_max": "3",
        "param_measure": "sáng kiến",
        "param_from_achievements": "on",
        "guidance": "",
        "evidence": "",
        "in_charge": "",
    }
    return {**data, **changes}


# --- the tree ----------------------------------------------------------------------------------------
def test_positions_follow_the_tree(office, draft):
    group = acts.add_criterion(draft, by=office, is_leaf=False, code="2", name="Nội dung hai")
    acts.add_criterion(draft, by=office, parent=group, **leaf("2.1", "Hai", "1"))
    acts.add_criterion(draft, by=office, parent=draft.criteria.get(code="1"), **leaf("1.2", "Một", "1"))
    assert codes(draft) == ["1", "1.1", "1.2", "2", "2.1"]
    acts.move_criterion(draft.criteria.get(code="2"), by=office, up=True)
    assert codes(draft) == ["2", "2.1", "1", "1.1", "1.2"]
    acts.move_criterion(draft.criteria.get(code="2"), by=office, up=True)
    assert codes(draft)[0] == "2"
    acts.move_criterion(draft.criteria.get(code="1.1"), by=office, up=False)
    assert codes(draft) == ["2", "2.1", "1", "1.2", "1.1"]
    acts.remove_criterion(draft.criteria.get(code="2"), by=office)
    assert codes(draft) == ["1", "1.2", "1.1"]
    assert list(draft.criteria.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_totals_per_recipient_and_warning(office, draft):
    acts.add_criterion(
        draft, by=office, **{**leaf("3", "Chỉ tập thể", "2.5"), "applies_to": AppliesTo.COLLECTIVE}
    )
    assert sum_warnings(draft) == ["Tập thể: các tiêu chí cộng lại được 7,5 điểm, khác tổng đã khai 5 điểm."]
    assert [one.code for one in leaves(draft, Recipient.COLLECTIVE)] == ["1.1", "3"]
    assert [one.code for one in leaves(draft, Recipient.INDIVIDUAL)] == ["1.1"]
    assert tree(draft)[0]["totals"]["collective"] == Decimal(5)
    acts.put_in_use(draft, by=office)
    assert draft.state == CriteriaSet.State.IN_USE


def test_a_code_that_stands_twice_is_told(office, draft):
    acts.add_criterion(draft, by=office, **{**leaf("1.1", "Trùng mã", "1"), "applies_to": AppliesTo.BOTH})
    assert "Mã 1.1 đứng ở nhiều dòng của bảng." in sum_warnings(draft)


def test_a_group_takes_criteria_but_a_criterion_does_not(office, draft):
    with pytest.raises(Refused, match="nhóm nội dung"):
        acts.add_criterion(draft, by=office, parent=draft.criteria.get(code="1.1"), **leaf("x", "x", "1"))


def test_wrong_maximum_or_parameters_are_refused(office, draft):
    with pytest.raises(Refused, match="khác điểm tối đa"):
        acts.add_criterion(draft, by=office, **{**leaf("x", "x", "1"), "max_score": Decimal(2)})
    with pytest.raises(Refused, match="Không có cách chấm"):
        acts.add_criterion(draft, by=office, **{**leaf("x", "x", "1"), "method": "bói"})


# --- putting to use, freezing ------------------------------------------------------------------------
def test_an_empty_set_or_group_is_not_put_to_use(office, draft):
    acts.add_criterion(draft, by=office, is_leaf=False, code="9", name="Trống")
    with pytest.raises(Refused, match="chưa có tiêu chí nào"):
        acts.put_in_use(draft, by=office)
    acts.remove_criterion(draft.criteria.get(code="1"), by=office)
    with pytest.raises(Refused, match="chưa có tiêu chí chấm điểm"):
        acts.put_in_use(draft, by=office)
    draft.refresh_from_db()
    assert draft.state == CriteriaSet.State.DRAFT


def test_a_set_in_use_is_frozen(office, draft):
    acts.put_in_use(draft, by=office)
    one = draft.criteria.get(code="1.1")
    for act in (
        lambda: acts.add_criterion(draft, by=office, **leaf("x", "x", "1")),
        lambda: acts.change_criterion(one, by=office, name="x"),
        lambda: acts.move_criterion(one, by=office, up=True),
        lambda: acts.remove_criterion(one, by=office),
        lambda: acts.change_set(draft, by=office, title="x"),
        lambda: acts.remove_set(draft, by=office),
    ):
        with pytest.raises(Refused, match="được khóa"):
            act()


@pytest.mark.parametrize("part", ["office", "clerk", "head", "director", "inspector", "technician"])
@pytest.mark.parametrize("state", CriteriaSet.State.values)
def test_matrix_of_putting_to_use(cast, part, state):
    made = small_set(cast["office"], draft_campaign(cast["office"]).years.get())
    CriteriaSet.objects.filter(pk=made.pk).update(state=state)
    if part == "office" and state == "draft":
        assert acts.put_in_use(made, by=cast[part]).state == "in_use"
    else:
        with pytest.raises(Refused):
            acts.put_in_use(made, by=cast[part])
        made.refresh_from_db()
        assert made.state == state


@pytest.mark.parametrize("part", ["clerk", "head", "inspector"])
def test_others_edit_nothing(cast, part):
    made = small_set(cast["office"], draft_campaign(cast["office"]).years.get())
    with pytest.raises(Refused, match="không có quyền"):
        acts.change_set(made, by=cast[part], title="x")
    with pytest.raises(Refused, match="không có quyền"):
        acts.create_set(made.campaign_year, by=cast[part], title="x")


# --- versions ----------------------------------------------------------------------------------------
def test_a_correction_is_a_new_version_and_says_what_changed(office, campaign_year):
    first = criteria_in_use(campaign_year)
    second = acts.correct(first, by=office, change_note="Theo công văn 15")
    assert (second.version_number, second.state) == (2, CriteriaSet.State.DRAFT)
    assert differences(first, second) == []
    acts.change_criterion(
        second.criteria.get(code="1.1"),
        by=office,
        **{**leaf("1.1", "Chất lượng tham mưu", "10"), "guidance": "Mới"},
    )
    acts.remove_criterion(second.criteria.get(code="1.2"), by=office)
    acts.add_criterion(
        second, by=office, parent=second.criteria.get(code="2"), **leaf("2.9", "Thêm mới", "10")
    )
    told = {
        (one.kind, one.criterion.code): [change[0] for change in one.changes]
        for one in differences(first, second)
    }
    assert told == {
        ("changed", "1.1"): ["Cách chấm", "Hướng dẫn chấm"],
        ("added", "2.9"): [],
        ("removed", "1.2"): [],
    }
    assert criteria_in_use(campaign_year) == first
    acts.put_in_use(second, by=office)
    first.refresh_from_db()
    assert first.state == CriteriaSet.State.SUPERSEDED
    assert criteria_in_use(campaign_year) == second
    assert first.criteria.filter(code="1.2").exists()
    assert "Thêm: 2.9. Thêm mới" in history_of(second).first().data["differences"]
    assert history_of(first).first().verb == "supersede"


def test_one_draft_at_a_time(office, campaign_year):
    first = criteria_in_use(campaign_year)
    acts.correct(first, by=office)
    with pytest.raises(Refused, match="đã có bản nháp phiên bản 2"):
        acts.correct(first, by=office)


def test_copy_of_last_year_keeps_lineage(office, campaign_year):
    source = criteria_in_use(campaign_year)
    year = campaign_acts.add_year(campaign_year.campaign, by=office, year=2026)
    made = acts.copy_set(source, by=office, campaign_year=year)
    assert made.title == "Bộ tiêu chí năm 2026"
    assert previous_version(made) == source
    pairs = zip(source.criteria.order_by("position"), made.criteria.order_by("position"), strict=True)
    assert all(old.lineage and old.lineage == new.lineage and old.pk != new.pk for old, new in pairs)
    assert differences(source, made) == []
    assert made.criteria.get(code="1.1").parent == made.criteria.get(code="1")


def test_a_closed_year_takes_no_new_version(office, campaign_year):
    CampaignYear.objects.update(state=CampaignYear.State.CLOSED)
    with pytest.raises(Refused, match="khóa sổ"):
        acts.correct(criteria_in_use(campaign_year), by=office)


def test_the_second_editor_of_a_criterion_is_told(office, draft, client_of):
    one = draft.criteria.get(code="1.1")
    acts.change_criterion(one, by=office, version=1, **leaf("1.1", "Lần một", "5"))
    with pytest.raises(Stale):
        acts.change_criterion(one, by=office, version=1, **leaf("1.1", "Lần hai", "5"))
    data = criterion_data(method="all_or_nothing", param_max="5", name="Lần ba")
    response = post(client_of(office), "criterion_change", one.pk, **data)
    assert response.status_code == 422
    assert "Lần ba" in text_of(response)
    assert 'name="version" value="2"' in text_of(response)
    one.refresh_from_db()
    assert one.name == "Lần một"


# --- pages -------------------------------------------------------------------------------------------
def test_a_criterion_through_the_page(office, draft, client_of):
    group = draft.criteria.get(code="1")
    address = reverse("campaigns:criterion_create", args=[draft.pk])
    assert 'name="param_points_each"' in text_of(client_of(office).get(address + "?cach=count_capped"))
    response = client_of(office).post(f"{address}?thuoc={group.pk}", criterion_data())
    assert response.status_code == 302
    made = draft.criteria.get(code="1.2")
    assert made.params == {
        "points_each": "1.5",
        "max": "3",
        "measure": "sáng kiến",
        "from_achievements": True,
    }
    assert (made.max_score, made.parent) == (Decimal(3), group)
    page = text_of(client_of(office).get(reverse("campaigns:criterion_change", args=[made.pk])))
    assert 'value="1,5"' in page


@pytest.mark.parametrize(
    ("data", "params"),
    [
        (
            {
                "method": "tiered_choice",
                "param_choices_0_label": "Tốt",
                "param_choices_0_points": "4",
                "param_choices_2_label": "Kém",
                "param_choices_2_points": "0",
                "param_choices_1_points": "",
            },
            {"choices": [{"label": "Tốt", "points": "4"}, {"label": "Kém", "points": "0"}]},
        ),
        (
            {
                "method": "tiered_threshold",
                "param_measure": "%",
                "param_steps_0_op": ">",
                "param_steps_0_v": "70",
                "param_steps_0_points": "2,5",
                "param_steps_1_op": ">=",
                "param_steps_1_v": "",
                "param_steps_1_points": "",
            },
            {"measure": "%", "steps": [{"op": ">", "v": "70", "points": "2.5"}]},
        ),
        (
            {
                "method": "deduct_per_case",
                "param_deduct_each": "0,5",
                "param_floor": "0",
                "param_measure": "lần",
            },
            {"max": "3", "deduct_each": "0.5", "floor": "0", "measure": "lần"},
        ),
    ],
)
def test_rows_and_zeros_of_the_method_form(office, draft, client_of, data, params):
    response = post(client_of(office), "criterion_create", draft.pk, **criterion_data(**data))
    assert response.status_code == 302, response.context["form"].errors
    assert draft.criteria.get(code="1.2").params == params


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"param_max": "-3"}, "không âm"),
        ({"param_max": "nhiều"}, "Nhập một số"),
        ({"param_max": ""}, "bắt buộc"),
        ({"param_points_each": "9"}, "không được lớn hơn điểm tối đa"),
        ({"param_max": "1.234"}, "Nhập một số"),
        ({"method": "bói"}, "Cách chấm"),
    ],
)
def test_bad_parameters_keep_what_was_typed(office, draft, client_of, changes, said):
    response = post(
        client_of(office), "criterion_create", draft.pk, **criterion_data(name="Đang gõ", **changes)
    )
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Đang gõ" in text_of(response)
    assert not draft.criteria.filter(code="1.2").exists()


def test_another_method_shows_its_fields_and_keeps_the_rest(office, draft, client_of):
    data = criterion_data(method="tiered_choice", name="Đang gõ", show="1")
    response = post(client_of(office), "criterion_create", draft.pk, **data)
    assert response.status_code == 200
    assert 'name="param_choices_0_label"' in text_of(response)
    assert "Đang gõ" in text_of(response)
    assert not draft.criteria.filter(code="1.2").exists()


def test_groups_copies_corrections_through_the_pages(office, clerk, client_of, campaign_year):
    browser = client_of(office)
    year = campaign_acts.add_year(campaign_year.campaign, by=office, year=2026)
    source = criteria_in_use(campaign_year)
    assert post(browser, "criteria_set_copy", year.pk, source=source.pk).status_code == 302
    made = year.criteria_sets.get()
    address = reverse("campaigns:criterion_create", args=[made.pk])
    assert browser.post(address + "?nhom=1", {"code": "7", "name": "Nhóm mới"}).status_code == 302
    group = made.criteria.get(code="7")
    assert not group.is_leaf
    assert post(browser, "criterion_move", group.pk, huong="len").status_code == 302
    assert "Bỏ “7. Nhóm mới” và mọi tiêu chí" in text_of(
        browser.get(reverse("campaigns:criterion_remove", args=[group.pk]))
    )
    assert post(browser, "criterion_remove", group.pk).status_code == 302
    assert not made.criteria.filter(code="7").exists()
    head = {"title": "Tên khác", "declared_max_collective": "50", "declared_max_individual": "-1"}
    head["version"] = str(made.version)
    assert post(browser, "criteria_set_change", made.pk, **head).status_code == 422
    head["declared_max_individual"] = "45,5"
    assert post(browser, "criteria_set_change", made.pk, **head).status_code == 302
    assert post(browser, "criteria_set_move", made.pk, "put_in_use").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.title) == (CriteriaSet.State.IN_USE, "Tên khác")
    assert post(browser, "criteria_set_correct", made.pk, change_note="").status_code == 422
    assert post(browser, "criteria_set_correct", made.pk, change_note="Sửa").status_code == 302
    second = year.criteria_sets.get(version_number=2)
    page = reverse("campaigns:criteria_set_detail", args=[second.pk])
    assert "Bỏ bản nháp" in text_of(browser.get(page))
    assert client_of(clerk).get(page).status_code == 404
    assert post(browser, "criteria_set_remove", second.pk).status_code == 302
    assert not year.criteria_sets.filter(version_number=2).exists()


def test_a_set_made_from_nothing(office, client_of):
    year = draft_campaign(office).years.get()
    data = {"title": "Mới", "declared_max_collective": "100", "declared_max_individual": "100"}
    response = post(client_of(office), "criteria_set_create", year.pk, **data)
    assert response.status_code == 302
    assert "Bản nháp còn trống" in text_of(client_of(office).get(response.url))


def test_the_table_is_read_by_all_and_edited_by_none(clerk, inspector, campaign_year, client_of):
    page = reverse("campaigns:criteria_set_detail", args=[criteria_in_use(campaign_year).pk])
    for user in (clerk, inspector):
        text = text_of(client_of(user).get(page))
        assert "Mỗi sáng kiến được 5 điểm" in text
        assert "Lập phiên bản sửa đổi" not in text


STRANGERS = ["clerk", "head", "inspector", "technician"]


@pytest.mark.parametrize("part", STRANGERS)
def test_editing_pages_do_not_exist_for_others(cast, client_of, part):
    made = ready_campaign(cast["office"]).years.get().criteria_sets.get()
    one, browser = made.criteria.get(code="1.1"), client_of(cast[part])
    for route, pk in [
        ("criteria_set_change", made.pk),
        ("criteria_set_correct", made.pk),
        ("criteria_set_copy", 1),
        ("criteria_set_create", made.campaign_year_id),
        ("criterion_create", made.pk),
        ("criterion_change", one.pk),
    ]:
        assert browser.get(reverse(f"campaigns:{route}", args=[pk])).status_code == 404
    for route, pk in [
        ("criteria_set_remove", made.pk),
        ("criterion_move", one.pk),
        ("criterion_remove", one.pk),
    ]:
        assert post(browser, route, pk).status_code == 404


def test_forged_parents_are_not_found(office, draft, client_of):
    address = reverse("campaigns:criterion_create", args=[draft.pk])
    for forged in ("999999", "abc", str(draft.criteria.get(code="1.1").pk)):
        assert client_of(office).get(f"{address}?thuoc={forged}").status_code == 404


def test_the_table_costs_the_same_for_more_rows(office, draft, client_of, assert_same_queries):
    page = reverse("campaigns:criteria_set_detail", args=[draft.pk])
    assert_same_queries(
        client_of(office),
        page,
        lambda: [acts.add_criterion(draft, by=office, **leaf(f"x{n}", "Thêm", "1")) for n in range(3)],
    )
