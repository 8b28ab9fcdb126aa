"""Triggers that run with their owner's rights look in our schema only; the SQL stands beside this file."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_gold_refreshes"), ("signals", "0002_signal_stories")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
