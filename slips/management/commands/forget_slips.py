"""`manage.py forget_slips --days N`: delete old slips' files and page pictures; what was received stays on record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from slips.queue import jobs


class Command(BaseCommand):
    help = "Delete files and page pictures of slips that were finished more than N days ago."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True, help="keep what was finished in the last N days")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Forgot the files of {jobs.forget_old(days=options['days'])} slips.")
