"""A year in full swing: something to show on every page of a walk."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Criterion
from core.attachments import store
from emulation_portal.reminding import reference
from emulation_portal.reminding.pressing import remind
from organization.models import ImportBatch, User
from organization.reference import load_holidays
from scoring.actions import achievements as achievement_actions
from scoring.actions import lines as line_actions
from scoring.actions import sheets as sheet_actions
from scoring.models import Achievement, Scorecard
from tests.organization.workbooks import PEOPLE, person, workbook
from tests.scoring.sheets.conftest import ANSWERS
from tests.trust.conftest import World


@pytest.fixture
def places(world: World, cast: dict[str, User], criteria: dict[str, Criterion]) -> dict[str, Any]:
    """Numbers of the dossiers that the pages are about, by a short name."""
    sheets = {sheet.person_id: sheet for sheet in Scorecard.objects.filter(person__isnull=False)}
    waiting = sheets[cast["colleague"].person.pk]
    for line in waiting.lines.select_related("criterion", "scorecard__campaign_year"):
        line_actions.save_line(line, by=cast["colleague"], **ANSWERS[line.criterion.code])
    waiting.refresh_from_db()
    sheet_actions.submit(waiting, by=cast["colleague"])
    rows = [PEOPLE, person(full_name="Nguyễn Văn Đức"), person(code="", full_name="Không Mã")]
    upload = SimpleUploadedFile("can-bo.xlsx", workbook(rows).getvalue())
    batch = ImportBatch.objects.create(
        kind="people", file=store(upload, by=cast["office"]), uploaded_by=cast["office"]
    )
    year = world.campaign_year
    reference.load(settings.BASE_DIR / "reference" / "reminders.yaml")
    load_holidays(settings.BASE_DIR / "reference" / "organization" / "holidays.yaml")
    remind(year, "registration", seen={cast["clerk"].pk, cast["colleague"].pk}, by=cast["office"])
    return {
        "campaign": year.campaign_id,
        "year": year.pk,
        "set": year.criteria_sets.get().pk,
        "registration": world.registration.pk,
        "draft": achievement_actions.start(year, by=cast["clerk"]).pk,
        "submitted": world.achievement.pk,
        "returned": Achievement.objects.get(state="returned").pk,
        "evidence": world.evidence.pk,
        "filled": sheets[cast["deputy"].person.pk].pk,
        "waiting": waiting.pk,
        "list": year.award_list.pk,
        "person": cast["clerk"].person.pk,
        "unit": cast["clerk"].person.postings.get().unit_id,
        "account": cast["clerk"].pk,
        "batch": batch.pk,
    }
