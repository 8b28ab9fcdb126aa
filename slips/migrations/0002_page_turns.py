"""How a page's picture was turned; the SQL stands beside this file."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("slips", "0001_slips")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))]
