"""When gold was refreshed and whether it agreed with the floor; the SQL stands beside this file."""

from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_api_reads")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="GoldRefresh",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("refreshed_ts", models.DateTimeField()),
                        ("snapshot_ts", models.DateTimeField()),
                        ("newest_event_ts", models.DateTimeField(null=True)),
                        ("event_count", models.BigIntegerField()),
                        ("drift_count", models.IntegerField()),
                        ("checked_ts", models.DateTimeField(db_default=Now())),
                    ],
                    options={
                        "db_table": "gold_refreshes",
                        "ordering": ["-id"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
            ],
        )
    ]
