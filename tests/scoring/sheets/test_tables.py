"""The ranking command over a round of the portal's own, and files that may not touch it."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import CampaignYear
from tests.scoring.sheets.conftest import publish_all

HUE = Path(__file__).parents[2] / "cases" / "published_hue_2021.csv"


def command(name: str, *args: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_round_with_a_publication_of_its_own_takes_no_file(ranked: CampaignYear, office: Any) -> None:
    publish_all(ranked, "individual", office)
    with pytest.raises(CommandError, match="đã có kết quả công bố"):
        command("import_results", HUE, "--scheme", ranked.campaign.code, "--year", ranked.year)
    told = command(
        "ranking", "--scheme", ranked.campaign.code, "--year", ranked.year, "--recipient", "individual"
    )
    assert "kết quả đã công bố" in told
    assert told.count("đồng hạng") == 2


def test_before_publication_the_table_says_that_it_is_provisional(ranked: CampaignYear) -> None:
    args = ("--scheme", ranked.campaign.code, "--year", ranked.year, "--recipient", "individual")
    told = command("ranking", *args)
    assert "tạm tính, chưa công bố" in told
    assert "Nguyễn Văn An" in told
    assert command("ranking", *args, "--format", "csv").splitlines()[0].startswith("rank,unit,score")
