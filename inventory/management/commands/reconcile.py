"""`manage.py reconcile`: gold beside the floor, item by item and signal by signal; exit 1 when they differ."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from inventory.models import GoldRefresh

shown_max = 200


class Command(BaseCommand):
    help = "Compare the last refresh of gold with the floor and print every difference with its probable cause."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.VAR_DIR) / "lakehouse", help="where gold is")
        parser.add_argument("--all", action="store_true", help=f"print every difference, not only {shown_max}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from inventory.lakehouse import Lakehouse, NoRefresh
            from inventory.reconciling import differences
        except ImportError as error:
            raise CommandError(f"{error.name} is not installed; gold is checked where the pipeline runs.") from None
        try:
            lakehouse = Lakehouse(options["folder"])
        except NoRefresh as missing:
            raise CommandError(str(missing)) from None
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = differences(lakehouse)
        drift_count = sum(difference.is_drift for difference in found)
        refresh = lakehouse.refresh
        GoldRefresh.objects.record(
            refreshed_ts=refresh.refreshed_ts,
            snapshot_ts=refresh.snapshot_ts,
            newest_event_ts=refresh.newest_event_ts,
            event_count=refresh.event_count,
            drift_count=drift_count,
        )
        for difference in found if options["all"] else found[:shown_max]:
            self.stdout.write(f"{'DRIFT' if difference.is_drift else 'newer'}  {difference}")
        if len(found) > shown_max and not options["all"]:
            self.stdout.write(f"… and {len(found) - shown_max} more (--all prints them)")
        if drift_count:
            raise CommandError(f"{drift_count} real differences between gold and the floor.")
        newer = f"; {len(found)} items or signals have changed since" if found else ""
        self.stdout.write(f"Gold of {refresh.snapshot_ts:%Y-%m-%d %H:%M:%S %Z} agrees with the floor{newer}.")
