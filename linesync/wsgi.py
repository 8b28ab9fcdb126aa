"""The WSGI application that gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from linesync.start import databases

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")

application = get_wsgi_application()
databases.limit(databases.web(lock_seconds=settings.LOCK_WAIT_SECONDS))
