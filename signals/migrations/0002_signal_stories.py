"""When each signal began, who told each step and by which event, and the notices that go out; the SQL is beside it."""

from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("signals", "0001_replenishment_signals")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        ("signal_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("queued_ts", models.DateTimeField(db_default=Now(), verbose_name="queued")),
                        ("attempts", models.IntegerField(default=0)),
                        ("attempted_ts", models.DateTimeField(null=True, verbose_name="last attempt")),
                        ("problem", models.TextField(null=True)),
                        ("delivered_ts", models.DateTimeField(null=True, verbose_name="delivered")),
                    ],
                    options={
                        "db_table": "signal_notices",
                        "ordering": ["-queued_ts"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
            ],
        )
    ]
