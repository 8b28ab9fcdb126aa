"""The projections' guards hold under any search path, and for times that nobody can read; the SQL is beside it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_definers")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
