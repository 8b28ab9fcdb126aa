"""Live signals say whether somebody has acknowledged them; the SQL is beside it."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signals", "0002_signal_stories")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
