"""Deletes the API's kept answers that are old enough; the API itself does so too, two for each new one."""

from typing import Any

from django.core.management.base import BaseCommand

from linesync.managers import answers_kept_hours
from linesync.models import ApiAnswer


class Command(BaseCommand):
    help = f"Delete kept API answers older than {answers_kept_hours} hours."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{ApiAnswer.objects.forget_old()} answers forgotten.")
