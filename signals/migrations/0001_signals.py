"""The items, the story of each need to restock, and what is read of both; the SQL stands beside this file."""

from pathlib import Path

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import migrations, models
from django.db.models.functions import Now

here = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [("linesync", "0001_floor")]
    operations = [
        migrations.RunSQL(
            here.with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="Item",
                    fields=[
                        (
                            "item_id",
                            models.TextField(
                                primary_key=True,
                                serialize=False,
                                validators=[
                                    RegexValidator(
                                        "^[A-Za-z0-9][A-Za-z0-9_./+#:-]{0,63}\\Z",
                                        "An item id is 1 to 64 letters, digits and - _ . / + # :, "
                                        "beginning with a letter or digit.",
                                    )
                                ],
                                verbose_name="item id",
                            ),
                        ),
                        ("description", models.TextField(blank=True, default="", validators=[MaxLengthValidator(500)])),
                        (
                            "reorder_point",
                            models.IntegerField(
                                blank=True, null=True, validators=[MinValueValidator(0), MaxValueValidator(999999999)]
                            ),
                        ),
                        (
                            "reorder_qty",
                            models.IntegerField(
                                blank=True,
                                null=True,
                                validators=[MinValueValidator(1), MaxValueValidator(999999999)],
                                verbose_name="reorder quantity",
                            ),
                        ),
                        (
                            "updated_ts",
                            models.DateTimeField(db_default=Now(), editable=False, verbose_name="last change"),
                        ),
                    ],
                    options={
                        "db_table": "items",
                        "ordering": ["item_id"],
                        "managed": False,
                    },
                ),
                migrations.CreateModel(
                    name="Signal",
                    fields=[
                        ("signal_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("row_id", models.IntegerField(db_column="id")),
                        ("created_ts", models.DateTimeField(db_default=Now(), verbose_name="since")),
                        ("item_id", models.TextField(verbose_name="item")),
                        ("triggered_at_qty", models.IntegerField(verbose_name="triggered at")),
                        ("reorder_point", models.IntegerField(db_default=10)),
                        ("reorder_qty", models.IntegerField(db_default=24, verbose_name="reorder quantity")),
                        ("trigger_event_id", models.UUIDField(null=True)),
                        (
                            "status",
                            models.TextField(
                                choices=[("OPEN", "Open"), ("ACKNOWLEDGED", "Acknowledged"), ("FULFILLED", "Fulfilled")]
                            ),
                        ),
                        ("current_qty", models.BigIntegerField(verbose_name="on hand")),
                        ("opened_ts", models.DateTimeField(verbose_name="opened")),
                        ("description", models.TextField()),
                    ],
                    options={
                        "db_table": "signals_with_stock",
                        "ordering": ["-row_id"],
                        "permissions": [("review_signal", "Can acknowledge signals and mark them fulfilled")],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
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
        ),
        migrations.RunSQL(here.with_name("0001_newest_rows.sql").read_text(encoding="utf-8")),
    ]
