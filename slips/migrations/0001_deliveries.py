"""Slips, their pages and lines, and the record of what was received; the SQL stands beside this file."""

import uuid
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

here = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_stock")]
    operations = [
        migrations.RunSQL(
            here.with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="Slip",
                    fields=[
                        ("slip_id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("reading", "Reading"),
                                    ("review", "To review"),
                                    ("received", "Received"),
                                    ("discarded", "Discarded"),
                                    ("failed", "Failed"),
                                ],
                                db_default="reading",
                            ),
                        ),
                        ("uploaded_by", models.TextField(null=True)),
                        ("uploaded_at", models.DateTimeField(db_default=Now())),
                        ("again_reason", models.TextField(null=True)),
                        ("job_id", models.BigIntegerField(null=True)),
                        ("pages_total", models.IntegerField(db_default=0)),
                        ("pages_read", models.IntegerField(db_default=0)),
                        ("problem", models.TextField(db_default="")),
                        ("vendor", models.TextField(db_default="")),
                        ("po_number", models.TextField(db_default="")),
                        ("slip_number", models.TextField(db_default="")),
                        ("ship_date", models.TextField(db_default="")),
                        ("printed_lines", models.IntegerField(null=True)),
                        ("printed_pieces", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                        ("notes", models.TextField(db_default="")),
                        ("head_version", models.IntegerField(db_default=1)),
                        ("revision", models.IntegerField(db_default=0)),
                        ("changed_by", models.TextField(null=True)),
                        ("changed_at", models.DateTimeField(db_default=Now())),
                        ("forgotten_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "db_table": "slips",
                        "ordering": ["-uploaded_at"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="SlipFile",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "slip_id", "position", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("slip", models.ForeignKey(to="slips.Slip", on_delete=models.DO_NOTHING, related_name="files")),
                        ("position", models.IntegerField()),
                        ("name", models.TextField()),
                        ("bytes", models.IntegerField()),
                        ("digest", models.TextField()),
                        ("stored_name", models.TextField()),
                    ],
                    options={
                        "db_table": "slip_files",
                        "ordering": ["position"],
                        "managed": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="SlipPage",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "slip_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("slip", models.ForeignKey(to="slips.Slip", on_delete=models.DO_NOTHING, related_name="pages")),
                        ("number", models.IntegerField()),
                        ("stored_name", models.TextField()),
                        ("width", models.IntegerField()),
                        ("height", models.IntegerField()),
                    ],
                    options={
                        "db_table": "slip_pages",
                        "ordering": ["number"],
                        "managed": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="SlipLine",
                    fields=[
                        ("line_id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        ("slip", models.ForeignKey(to="slips.Slip", on_delete=models.DO_NOTHING, related_name="lines")),
                        ("position", models.FloatField()),
                        ("item_id", models.TextField()),
                        ("qty", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                        ("description", models.TextField(db_default="")),
                        ("found_qty", models.IntegerField(null=True)),
                        ("read_item_id", models.TextField(null=True)),
                        ("read_qty", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                        ("confidence", models.TextField(null=True)),
                        ("evidence", models.TextField(db_default="")),
                        ("page", models.IntegerField(null=True)),
                        ("box", ArrayField(base_field=models.FloatField(), null=True, size=None)),
                        ("checked_by", models.TextField(null=True)),
                        ("checked_at", models.DateTimeField(null=True)),
                        ("removed_by", models.TextField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                        ("version", models.IntegerField(db_default=1)),
                        ("changed_by", models.TextField(null=True)),
                        ("changed_at", models.DateTimeField(db_default=Now())),
                    ],
                    options={
                        "db_table": "slip_lines",
                        "ordering": ["position", "line_id"],
                        "managed": False,
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        ("slip_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("received_by", models.TextField(null=True)),
                        ("received_at", models.DateTimeField(db_default=Now())),
                        ("station_id", models.TextField()),
                        ("vendor", models.TextField()),
                        ("po_number", models.TextField()),
                        ("slip_number", models.TextField()),
                        ("digests", ArrayField(base_field=models.TextField(), size=None)),
                        ("same_slip", models.TextField(null=True)),
                        ("again_reason", models.TextField(null=True)),
                    ],
                    options={
                        "db_table": "slip_receipts",
                        "ordering": ["-received_at"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptLine",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "receipt_id", "position", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                to="slips.Receipt",
                                on_delete=models.DO_NOTHING,
                                related_name="lines",
                                db_column="slip_id",
                            ),
                        ),
                        ("position", models.IntegerField()),
                        ("line_id", models.UUIDField()),
                        ("item_id", models.TextField()),
                        ("description", models.TextField()),
                        ("slip_qty", models.DecimalField(decimal_places=6, max_digits=20)),
                        ("found_qty", models.IntegerField()),
                        ("checked_by", models.TextField(null=True)),
                        ("event_id", models.UUIDField(null=True)),
                        ("on_hand_before", models.BigIntegerField(null=True)),
                        ("on_hand_after", models.BigIntegerField(null=True)),
                        ("signal_id", models.UUIDField(null=True)),
                    ],
                    options={
                        "db_table": "slip_receipt_lines",
                        "ordering": ["position"],
                        "managed": False,
                        "default_permissions": (),
                    },
                ),
            ],
        ),
    ]
