"""A signal's newest row is the one that decided last, whoever numbers the rows; the SQL is beside it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signals", "0003_live_is_open")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
