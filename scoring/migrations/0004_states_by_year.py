"""Tell PostgreSQL that the states of a year's sheets go together: a published year has next to no open ones."""

from typing import Any

from django.db import migrations

NAME = "scorecard_year_state"


def gather(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE STATISTICS {NAME} (dependencies, mcv) ON campaign_year_id, state FROM scoring_scorecard"
        )


def forget(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP STATISTICS IF EXISTS {NAME}")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_evidence_is_shared")]
    operations = [migrations.RunPython(gather, forget)]
