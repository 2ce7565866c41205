"""Who sees a document of the store: its owner, the readers of the dossiers that rest on it, and the unit by choice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear, Criterion
from core.journal import history_of
from core.workflow import AlreadyDone, Refused
from organization.models import Person, User
from scoring.actions import achievements as actions
from scoring.actions import evidence, proofs
from scoring.actions.sheets import open_sheet
from scoring.models import EvidenceDocument
from tests.cast import fresh
from tests.scoring.achievements.files import PDF, upload

Browser = Callable[[User], Client]
# Those who read every dossier of the unit, so that nothing is hidden from them.
ABOVE = {"head", "director", "office", "inspector"}


def readers(document: EvidenceDocument, cast: dict[str, User]) -> set[str]:
    visible = EvidenceDocument.objects.visible_to
    return {part for part, user in cast.items() if visible(user).filter(pk=document.pk).exists()}


def test_a_document_is_its_owner_s_until_a_dossier_rests_on_it(
    cast: dict[str, User], draft_of: Any, stored: Any
) -> None:
    clerk, colleague = cast["clerk"], cast["colleague"]
    document = stored(clerk)
    assert readers(document, cast) == ABOVE | {"clerk"}
    own = draft_of(clerk)
    evidence.add_evidence(own, document, by=clerk)
    assert readers(document, cast) == ABOVE | {"clerk", "deputy"}  # the deputy reads the unit's achievements
    with pytest.raises(Refused, match="Không tìm thấy"):
        evidence.add_evidence(draft_of(colleague), document, by=colleague)
    of_the_unit = draft_of(clerk, collective=True, title="Việc của cả phòng")
    evidence.add_evidence(of_the_unit, document, by=clerk)
    assert readers(document, cast) == ABOVE | {"clerk", "deputy", "colleague"}
    evidence.remove_evidence(of_the_unit, document, by=clerk)
    assert readers(document, cast) == ABOVE | {"clerk", "deputy"}


def test_a_line_of_a_sheet_shows_its_documents_to_the_sheet_s_readers(
    cast: dict[str, User], campaign_year: CampaignYear, criteria: dict[str, Criterion], stored: Any
) -> None:
    clerk = cast["clerk"]
    own = open_sheet(campaign_year, by=clerk, person=clerk.person)
    of_the_unit = open_sheet(campaign_year, by=clerk, unit=own.unit)
    document = stored(clerk)
    proofs.attach_evidence(own.lines.get(criterion=criteria["1.1"]), document, by=clerk)
    assert readers(document, cast) == ABOVE | {"clerk", "deputy"}
    proofs.attach_evidence(of_the_unit.lines.get(criterion=criteria["1.1"]), document, by=clerk)
    assert readers(document, cast) == ABOVE | {"clerk", "deputy", "colleague"}


def test_sharing_is_a_recorded_choice(
    client_of: Browser, cast: dict[str, User], draft_of: Any, stored: Any
) -> None:
    clerk, colleague, head = cast["clerk"], cast["colleague"], cast["head"]
    document = stored(clerk)
    detail, url = (
        reverse(f"scoring:{name}", args=[document.pk]) for name in ("evidence_detail", "evidence_share")
    )
    assert client_of(colleague).post(url, {"shared": "1"}).status_code == 404
    assert "Riêng của người tải lên" in client_of(clerk).get(detail).content.decode()
    client_of(clerk).post(url, {"shared": "1"})
    client_of(clerk).post(url, {"shared": "1"})  # pressed twice: still shared, told once
    assert readers(document, cast) == ABOVE | {"clerk", "deputy", "colleague"}
    page = client_of(colleague).get(detail).content.decode()
    assert "Dùng chung trong Phòng CCHC" in page
    assert "Thôi dùng chung" not in page  # only its owner and the head decide
    with pytest.raises(Refused, match="Chỉ người tải lên hoặc thủ trưởng"):
        evidence.keep_private(document, by=colleague)
    used = draft_of(colleague)
    evidence.add_evidence(used, document, by=colleague)
    evidence.keep_private(document, by=head)
    with pytest.raises(AlreadyDone):
        evidence.keep_private(document, by=head)
    assert "colleague" in readers(document, cast)  # her achievement rests on it
    evidence.remove_evidence(used, document, by=colleague)
    assert "colleague" not in readers(document, cast)
    verbs = list(history_of(document).order_by("pk").values_list("verb", "actor_name"))
    assert verbs == [
        ("upload", "Nguyễn Văn An"),
        ("share", "Nguyễn Văn An"),
        ("keep_private", "Lê Minh Châu"),
    ]


def test_shared_from_the_start_and_seen_in_the_store(
    client_of: Browser, clerk: User, colleague: User, stored: Any
) -> None:
    stored(clerk, b"%PDF-1.4 1", title="Kế hoạch cả phòng dùng", is_shared=True)
    stored(clerk, b"%PDF-1.4 2", title="Bản chấm riêng")
    store = reverse("scoring:evidence_list")
    page = client_of(colleague).get(store).content.decode()
    assert "Kế hoạch cả phòng dùng" in page
    assert "Dùng chung trong đơn vị" in page
    assert "Bản chấm riêng" not in page
    assert "Bản chấm riêng" in client_of(clerk).get(store + "?chung=rieng").content.decode()
    assert "Bản chấm riêng" not in client_of(clerk).get(store + "?chung=chung").content.decode()


def test_the_upload_form_asks_for_sharing(client_of: Browser, clerk: User) -> None:
    client, url = client_of(clerk), reverse("scoring:evidence_upload")
    assert "Dùng chung trong đơn vị" in client.get(url).content.decode()
    for number, more in enumerate([{}, {"is_shared": "on"}]):
        file = upload(content=PDF + str(number).encode())
        assert client.post(url, {"file": file, "title": f"Tài liệu {number}", **more}).status_code == 302
    assert list(EvidenceDocument.objects.order_by("pk").values_list("is_shared", flat=True)) == [False, True]


def test_who_writes_for_a_person_without_account_sees_his_documents(
    cast: dict[str, User], campaign_year: CampaignYear, facts: dict[str, Any], stored: Any
) -> None:
    clerk = cast["clerk"]
    Person.objects.filter(user=cast["colleague"]).update(user=None)
    served = Person.objects.get(family_name="Trần Thị", given_name="Bình")
    achievement = actions.start(campaign_year, by=clerk, person=served)
    actions.save(achievement, by=clerk, values=facts)
    document = stored(clerk)
    evidence.add_evidence(achievement, document, by=clerk)
    others = {part: fresh(user) for part, user in cast.items() if part != "colleague"}
    assert readers(document, others) == ABOVE | {"clerk", "deputy"}


def test_a_transferred_owner_keeps_his_document_and_new_colleagues_do_not_get_it(
    cast: dict[str, User], units: dict[str, Any], stored: Any
) -> None:
    clerk = cast["clerk"]
    document = stored(clerk, is_shared=True)
    clerk.person.postings.update(unit=units["ttlt"])
    moved = {**cast, "clerk": fresh(clerk)}
    assert readers(document, moved) == ABOVE | {"clerk", "deputy", "colleague"}
    assert not {"stranger", "stranger_head"} & readers(document, moved)
