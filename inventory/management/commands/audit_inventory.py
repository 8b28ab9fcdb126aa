"""`manage.py audit_inventory`: is the stock what the events say? Exit code 1 when anything differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.audit import differences


class Command(BaseCommand):
    help = "Recompute the stock and the signals' state from their ledgers and print each item that differs."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for difference in differences(progress=self._tell):
            found += 1
            self.stdout.write(difference)
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("No differences: the stock is the sum of its events.")

    def _tell(self, done: int, all_slices: int) -> None:
        if self.stderr.isatty() or done == all_slices:
            self.stderr.write(f"\rcounted {done / all_slices:.0%}", ending="\n" if done == all_slices else "")
