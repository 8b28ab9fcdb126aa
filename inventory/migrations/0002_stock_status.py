"""One row per item as the stock page shows it: levels, policy and the live signal, if any."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_scan_events"), ("signals", "0001_replenishment_signals")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
