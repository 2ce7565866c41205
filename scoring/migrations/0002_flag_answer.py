from django.db import migrations

import core.fields


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        migrations.AddField("flag", "answer", core.fields.TextField(blank=True, default=""), preserve_default=False),
    ]
