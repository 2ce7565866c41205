"""Sheets that were there before carry their result and their applicable maximum themselves from now on."""

from typing import Any

from django.db import migrations
from django.db.models import F, Sum


def carry(apps: Any, schema_editor: Any) -> None:
    scorecard, criterion = apps.get_model("scoring", "Scorecard"), apps.get_model("campaigns", "Criterion")
    scorecard.objects.update(result_total=F("appraised_total"))
    for recipient, is_unit in [("collective", True), ("individual", False)]:
        leaves = criterion.objects.filter(is_leaf=True, applies_to__in=[recipient, "both"]).order_by()
        for row in leaves.values("criteria_set_id").annotate(most=Sum("max_score")):
            scorecard.objects.filter(
                criteria_set=row["criteria_set_id"], person__isnull=is_unit
            ).update(applicable_max=row["most"])


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_columns_of_an_index"), ("campaigns", "0004_indexes_and_rounds")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
