"""The web server, on a laptop and in Databricks Apps alike. Seconds unless the name says otherwise."""

import os

from gunicorn.glogging import Logger

wsgi_app = "linesync.wsgi:application"
bind = f"0.0.0.0:{os.environ.get('DATABRICKS_APP_PORT') or os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or "2")
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or "4")
# A worker without a heartbeat for this long is replaced; a long request is not cut.
timeout = 60
# Databricks Apps kills 15 s after SIGTERM, and nobody waits longer than 10 s: what is under way has 6 s of them.
graceful_timeout = 6
keepalive = 75
# Frames are small; what is larger is refused while it is read (linesync.doors.body_limit).
limit_request_line = 4094

worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
certfile = os.environ.get("HTTPS_CERTIFICATE") or None
keyfile = os.environ.get("HTTPS_KEY") or None
control_socket_disable = True

# One line per request comes from linesync.doors.request_log, which knows its id; gunicorn's own words go the same way.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "linesync.doors.request_log.formatter"}},
    "handlers": {"console": {"()": "linesync.doors.request_log.console", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


class OwnWords(Logger):  # type: ignore[misc]
    """With a logging configuration gunicorn puts each request's line together, even where no handler takes it."""

    access_log_enabled = False


logger_class = OwnWords
