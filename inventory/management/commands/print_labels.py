"""`manage.py print_labels PART-88219:24 …`: a PDF sheet of QR labels."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.labels import BadLabel
from inventory.sheets import BadSheet, label_of_pair, label_sheet, papers


class Command(BaseCommand):
    help = "Write a PDF sheet of QR labels, one per ITEM:QTY."
    requires_system_checks: list[str] = []  # it needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", nargs="+", metavar="ITEM:QTY", help="part and pieces, split at the last colon")
        parser.add_argument("-o", "--output", type=Path, default=Path("labels.pdf"), help="default: labels.pdf")
        parser.add_argument("--copies", type=int, default=1, help="of each label, default 1")
        parser.add_argument("--paper", choices=sorted(papers), default="A4")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            labels = [label_of_pair(text) for text in options["labels"]]
            pdf = label_sheet(labels, copies=options["copies"], paper=options["paper"])
            options["output"].write_bytes(pdf)
        except (BadLabel, BadSheet, OSError) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{options['output']}: {len(labels) * options['copies']} labels")
