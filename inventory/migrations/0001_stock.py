"""What was answered, the stock as pages and API read it, the checks of gold; the SQL stands beside this file."""

import uuid
from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Now

here = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [("signals", "0001_signals")]
    operations = [
        migrations.RunSQL(
            here.with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="ScanEvent",
                    fields=[
                        ("event_id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ("event_ts", models.DateTimeField(db_default=Now())),
                        ("event_type", models.TextField(choices=[("INTAKE", "Intake"), ("CONSUME", "Consume")])),
                        ("station_id", models.TextField()),
                        ("barcode_raw", models.TextField()),
                        ("item_id", models.TextField()),
                        ("qty", models.IntegerField()),
                        ("user_email", models.TextField(null=True)),
                    ],
                    options={
                        "db_table": "scan_events",
                        "ordering": ["-event_ts"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="Stock",
                    fields=[
                        ("item_id", models.TextField(primary_key=True, serialize=False)),
                        ("intake_total", models.BigIntegerField()),
                        ("consume_total", models.BigIntegerField()),
                        ("on_hand_qty", models.BigIntegerField()),
                        ("last_activity_ts", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "inventory_current",
                        "ordering": ["item_id"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
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
        ),
    ]
