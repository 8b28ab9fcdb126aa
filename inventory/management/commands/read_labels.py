"""`manage.py read_labels FILE…`: what stands in each picture, so that an operator can ask why one does not scan."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from inventory.decoding.symbol import Gray
from inventory.labels import escaped
from inventory.pictures import BadPicture, read_photo
from inventory.symbols import DOCK_FORMATS, confirm, read_symbols
from inventory.why_unread import why_unread
from linesync.ground.pictures import photo_bytes_max


class Command(BaseCommand):
    help = (
        "Print one tab-separated line per symbol: file, format, payload with control characters escaped, engines, "
        "milliseconds spent on the file. A file without a symbol has the format NONE, and the reason on stderr. "
        "The exit code is 1 when a file is not a readable picture."
    )
    requires_system_checks: list[str] = []  # it needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = [path for path in options["files"] if not self._read(path)]
        if unreadable:
            sys.exit(1)

    def _read(self, path: Path) -> bool:
        """Print the lines of one file; False when it is not a readable picture."""
        try:
            with path.open("rb") as file:
                gray = read_photo(file.read(photo_bytes_max + 1))
        except (OSError, BadPicture) as refused:
            self.stderr.write(f"{escaped(str(path))}: {getattr(refused, 'strerror', None) or refused}")
            return False
        self._tell(escaped(str(path)), gray)
        return True

    def _tell(self, name: str, gray: Gray) -> None:
        start = time.perf_counter()
        symbols = [confirm(gray, symbol) for symbol in read_symbols(gray, formats=DOCK_FORMATS, thorough=True)]
        milliseconds = f"{(time.perf_counter() - start) * 1000:.1f}"
        for symbol in symbols:
            engines = "+".join(sorted(symbol.engines))
            self.stdout.write("\t".join((name, symbol.format, escaped(symbol.text), engines, milliseconds)))
        if not symbols:
            self.stdout.write("\t".join((name, "NONE", "", "", milliseconds)))
            self.stderr.write(f"{name}: {why_unread(gray) or 'nothing in it looks like a label'}")
