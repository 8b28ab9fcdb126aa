"""What the API's lists read: events with what was answered, stock at any moment; the SQL stands beside this file."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_stock_history"), ("signals", "0001_replenishment_signals")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
