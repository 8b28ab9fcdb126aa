"""Every setting of LineSync: read from the environment, once, here. Nonsense is refused at start."""

import re
from pathlib import Path

import corsheaders.defaults
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from linesync import workspace
from linesync.ground.item_ids import is_station, station_words
from linesync.ground.numbers import policy_pieces_max
from linesync.start import databases, hosts, secret, slip_storage
from linesync.start.environment import choice, env, names, number, switch, time_zone

workspace.refuse_personal_tokens(env.ENVIRON)
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("LINESYNC_VAR", default="") or BASE_DIR / "var")

IN_DATABRICKS_APPS = bool(env.str("DATABRICKS_APP_NAME", default=""))
DEBUG = switch("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret.kept_in(VAR_DIR / "secret_key", refused=IN_DATABRICKS_APPS)

# Who is there: the Databricks Apps proxy says it in headers, which are believed only behind it.
TRUST_PROXY_HEADERS = switch("TRUST_PROXY_HEADERS", default=IN_DATABRICKS_APPS)
USER_EMAIL = env.str("USER_EMAIL", default="")
USER_NAME = env.str("USER_NAME", default="")
# E-mail addresses, or @example.com for a whole domain, that may open the admin and act on signals.
REVIEWERS = names(
    "REVIEWERS",
    default=[USER_EMAIL] if USER_EMAIL and not TRUST_PROXY_HEADERS else [],
    is_one=lambda entry: "@" in entry or entry == USER_EMAIL,
    what="an e-mail address or @domain",
    example="kim@example.com,@example.org",
)
# The members of this group (in the admin's own user tables) may as well.
REVIEWERS_GROUP = env.str("REVIEWERS_GROUP", default="")

# <app>-<workspace>.aws.databricksapps.com, ….<shard>.azure.databricksapps.com, ….gcp.databricksapps.com: all below one.
APPS_DOMAIN = ".databricksapps.com"
ALLOWED_HOSTS = [
    *([APPS_DOMAIN, *hosts.loopback] if IN_DATABRICKS_APPS else hosts.of_this_machine()),
    *hosts.listed(env.list("ALLOWED_HOSTS", default=[])),
]
# Handhelds type the address that `make run` prints, whichever network this machine is in today.
LOCAL_ADDRESSES_ANSWERED = not IN_DATABRICKS_APPS
# The proxy ends TLS without saying so in a header: without this every POST behind it would be refused.
CSRF_TRUSTED_ORIGINS = names(
    "CSRF_TRUSTED_ORIGINS",
    default=[f"https://*{APPS_DOMAIN}"] if IN_DATABRICKS_APPS else [],
    is_one=lambda entry: re.fullmatch(r"https?://[^/\s]+", entry) is not None,
    what="an origin: https:// and a name, without a path",
    example="https://dock.example.com",
)
HTTPS = switch("HTTPS", default=IN_DATABRICKS_APPS)
USE_X_FORWARDED_HOST = TRUST_PROXY_HEADERS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # An app beside ours can set cookies for the whole domain; browsers let it set none of this prefix.
    CSRF_COOKIE_NAME, SESSION_COOKIE_NAME = "__Host-csrftoken", "__Host-sessionid"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "linesync.doors.problems.csrf_failure"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "procrastinate.contrib.django",
    "django_htmx",
    "ninja",
    "csp",
    "linesync",
    "signals",
    "inventory",
    "slips",
]
MIDDLEWARE = [
    "linesync.doors.request_log.RequestLog",
    "linesync.doors.headers.OwnAnswer",
    "linesync.doors.host.HostDoor",
    "linesync.doors.problems.DatabaseLost",
    "linesync.doors.body_limit.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "linesync.doors.headers.PermissionsPolicy",
    "linesync.doors.api.ApiDoor",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "linesync.doors.identity.Identify",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linesync.doors.admin.AdminDoor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
# Sites (https://erp.example.com) whose pages may call the API from a browser; by default no other site's.
CORS_ORIGINS = env.list("CORS_ORIGINS", default=[])
if CORS_ORIGINS:
    if not all(re.fullmatch(r"https?://[^/\s*]+", origin) for origin in CORS_ORIGINS):
        raise ImproperlyConfigured("CORS_ORIGINS lists origins without a path: https://erp.example.com,https://…")
    INSTALLED_APPS.insert(0, "corsheaders")
    MIDDLEWARE.insert(MIDDLEWARE.index("linesync.doors.api.ApiDoor"), "corsheaders.middleware.CorsMiddleware")
    CORS_ALLOWED_ORIGINS = CORS_ORIGINS
    CORS_URLS_REGEX = r"^/api/"
    CORS_ALLOW_HEADERS = (*corsheaders.defaults.default_headers, "idempotency-key")
    CORS_EXPOSE_HEADERS = ["Idempotent-Replayed", "Retry-After"]
ROOT_URLCONF = "linesync.urls"
WSGI_APPLICATION = "linesync.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": databases.from_environment(env, VAR_DIR)}
# How long a page waits for what somebody else holds in the database; shorter than a stopping server may take.
LOCK_WAIT_SECONDS = number("LOCK_WAIT_SECONDS", default=6, least=1, most=60)
# Postgres roles that may read our tables (the pipeline's catalog, BI): granted after each migration, by their owner.
LAKEBASE_READERS = env.list("LAKEBASE_READERS", default=[])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "linesync.doors.admin.ReviewerRights"]

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = ["linesync.formats"]
TIME_ZONE = time_zone("SITE_TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Without the manifest nothing need be collected first: for the tests.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if switch("STATIC_MANIFEST", default=True)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The stock rules. Pieces; an item's own row in `items` goes before these defaults of the brief.
REORDER_POINT = number("REORDER_POINT", default=10, least=0, most=policy_pieces_max)
REORDER_QTY = number("REORDER_QTY", default=24, least=1, most=policy_pieces_max)
# Where scanning happens; the first one is a new handheld's suggestion.
STATIONS = names(
    "STATIONS",
    default=["DOCK-1", "DOCK-2", "LINE-1", "LINE-2"],
    is_one=is_station,
    what=f"a station's name ({station_words})",
    example="DOCK-1,LINE-1",
)
if not STATIONS:
    raise ImproperlyConfigured("STATIONS must name at least one station, for example STATIONS=DOCK-1,LINE-1.")

# Who is told of each opened signal, by a POST after the scan is committed; with a secret its body is signed.
NOTICE_URL = env.str("NOTICE_URL", default="")
NOTICE_SECRET = env.str("NOTICE_SECRET", default="")
if NOTICE_URL and not NOTICE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("NOTICE_URL must be an http:// or https:// address, or empty for no notices.")

# Where the queue's jobs are defined; each has a name of its own, so that these modules may move.
PROCRASTINATE_IMPORT_PATHS = ["signals.notices", "slips.queue.tasks"]

# Packing slips. Files and pages are kept in Postgres, in a folder (`disk`), or in a Unity Catalog volume (its path).
SLIP_STORAGE = env.str("SLIP_STORAGE", default="postgres")
STORAGES["slips"] = slip_storage.from_setting(SLIP_STORAGE, VAR_DIR)
# The endpoint's name on Model Serving; empty: the embedded reader alone. Base URL: an address or a function's path.
SLIP_MODEL_ENDPOINT = env.str("SLIP_MODEL_ENDPOINT", default="")
SLIP_MODEL_BASE_URL = env.str("SLIP_MODEL_BASE_URL", default="linesync.workspace.serving_url")
SLIP_MODEL_TOKEN = env.str("SLIP_MODEL_TOKEN", default="linesync.workspace.bearer")
# Slips read at once by one worker process: optical reading takes 1.3 GB. Days that files are kept; 0: for ever.
SLIP_READERS_MAX = number("SLIP_READERS_MAX", default=1, least=1, most=64)
SLIP_RETENTION_DAYS = number("SLIP_RETENTION_DAYS", default=0, least=0, most=36_500)

# Processes that answer, and threads in each.
WEB_CONCURRENCY = number("WEB_CONCURRENCY", default=2, least=1, most=64)
WEB_THREADS = number("WEB_THREADS", default=4, least=1, most=64)

FILE_UPLOAD_HANDLERS = [
    "slips.paper.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W021"]
# The formatters read it by themselves: the web server asks them before there are settings.
LOG_FORMAT = choice("LOG_FORMAT", default="json" if IN_DATABRICKS_APPS else "text", choices=("text", "json"))
log_levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "linesync.doors.request_log.formatter"}},
    "handlers": {"console": {"()": "linesync.doors.request_log.console", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": choice("LOG_LEVEL", default="INFO", choices=log_levels)},
    # The pool says each connection given and returned at INFO.
    "loggers": {name: {"level": "WARNING"} for name in ("psycopg.pool", "databricks.sdk", "httpx2", "procrastinate")},
}
