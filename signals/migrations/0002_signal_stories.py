"""When each signal began, who told each step and by which event, and the notices that go out; the SQL is beside it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signals", "0001_replenishment_signals")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
