"""The web server, on a laptop and in Databricks Apps alike."""

import os

bind = f"0.0.0.0:{os.environ.get('DATABRICKS_APP_PORT') or os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "6"))
timeout = 60
graceful_timeout = 10
keepalive = 75
# Frames are small; what is larger is refused while it is read (linesync.limits).
limit_request_line = 4094

worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
certfile = os.environ.get("HTTPS_CERTIFICATE") or None
keyfile = os.environ.get("HTTPS_KEY") or None
control_socket_disable = True
