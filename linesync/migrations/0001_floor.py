"""The ledger, the levels that follow from it, and the guards; the SQL stands beside this file."""

from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Now

here = Path(__file__)


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL(here.with_name("0001_adopt.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(
            here.with_suffix(".sql").read_text(encoding="utf-8"),
            state_operations=[
                migrations.CreateModel(
                    name="ApiAnswer",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "person_email",
                                "idempotency_key",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("person_email", models.TextField()),
                        ("idempotency_key", models.TextField()),
                        ("fingerprint", models.BinaryField()),
                        ("answered_ts", models.DateTimeField(db_default=Now())),
                        ("status", models.IntegerField(null=True)),
                        ("body", models.TextField(null=True)),
                    ],
                    options={
                        "db_table": "api_answers",
                        "ordering": ["-answered_ts"],
                        "managed": False,
                        "default_permissions": ("view",),
                    },
                ),
            ],
        ),
    ]
