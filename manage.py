#!/usr/bin/env python
"""Django's command line for LineSync."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
    except OperationalError as lost:
        sys.stderr.write(
            f"The database does not answer: start LineSync first (make run). {str(lost).splitlines()[0]}\n"
        )
        sys.exit(2)
