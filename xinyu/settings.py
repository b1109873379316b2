"""Settings. What differs between machines comes from the environment or from `.data/env` (set-up writes it)."""

import os
import sys
from pathlib import Path

import environ
import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
_env_file = Path(os.environ.get("XINYU_DATA", BASE_DIR / ".data")) / "env"
if _env_file.is_file():
    env.read_env(str(_env_file))  # real environment variables win

#: web, worker, owner, tests: which database log-in this process gets
PROCESS = env.str("XINYU_PROCESS", default="tests" if "pytest" in sys.modules else "web")
DATA_DIR = env.str("XINYU_DATA", default=str(BASE_DIR / ".data"))
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("XINYU_DEMO", default=False)
SECRET_KEY = env.str("XINYU_SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("XINYU_SECRET_KEY is not set; `make setup` writes one into .data/env")
KEY_FILE = env.str("XINYU_KEY_FILE", default="")
VAULT_SUITE = env.str("XINYU_VAULT_SUITE", default="aes")
ALLOWED_HOSTS = env.list("XINYU_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("XINYU_ORIGINS", default=[])
#: TLS is in front of the platform in real use; the demo on loopback has none
IS_SECURE = env.bool("XINYU_TLS", default=not DEMO)
#: how many of our own proxies a request passes; X-Forwarded-For is believed that far and no further
TRUSTED_PROXIES = env.int("XINYU_TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # the widget templates that our form renderer finds through the template settings
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "xinyu.ui",
    "xinyu.access",
    "xinyu.audit",
    "xinyu.vault",
    "xinyu.organisations",
    "xinyu.accounts",
    "xinyu.students",
    "assessments",
    "counseling_rooms",
    "crisis",
    "xinyu.reminders",
    "xinyu.reports",
    "xinyu.dashboard",
    "xinyu.demo",
]

MIDDLEWARE = [
    "xinyu.access.middleware.request_id_middleware",
    "xinyu.access.client_address.client_address_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xinyu.access.middleware.policy_middleware",
    "xinyu.access.middleware.CalmDatabase",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xinyu.audit.middleware.audit_middleware",
    "xinyu.access.middleware.actor_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "xinyu.accounts.middleware.second_factor_middleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xinyu.audit.middleware.HistoryOfStaff",
    "xinyu.students.typing.forgets_what_was_accepted",
]

ROOT_URLCONF = "xinyu.urls"
WSGI_APPLICATION = "xinyu.wsgi.application"
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
                "xinyu.navigation.frame",
                "xinyu.demo.context.demo_accounts",
            ],
        },
    }
]
FORM_RENDERER = "xinyu.ui.renderers.FormRenderer"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

_LOGIN_URLS = {"web": "APP", "worker": "WORKER", "owner": "OWNER", "tests": "TESTS"}


def _database(process: str) -> dict:
    name = f"XINYU_DATABASE_{_LOGIN_URLS[process]}"
    if not env.str(name, default=""):
        raise ImproperlyConfigured(f"{name} is not set; `make setup` writes it into .data/env")
    return env.db(name)


DATABASES = {
    "default": {
        **_database(PROCESS),
        "ENGINE": "xinyu.access.postgres",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"connect_timeout": 3},
        "TEST": {"NAME": env.str("XINYU_TEST_DB", default="test_xinyu")},
    }
}
#: absent from the web process of a real installation; migrate, flush and the test database need it
DATABASE_OWNER = _database("owner") if env.str("XINYU_DATABASE_OWNER", default="") else DATABASES["default"]
#: the demo plays every kind of actor in one process (xinyu/demo/login_swap.py); nothing else may
DATABASE_DEMO = _database("tests") if DEMO and env.str("XINYU_DATABASE_TESTS", default="") else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()  # in the event row, under its seal; no shared context table
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "xinyu.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:today"
ACCOUNT_ADAPTER = "xinyu.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Per IP limits would lock out a school behind one address: failures are counted per account.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "10/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "xinyu.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "心育"
#: whoever sees a name must have a second factor; off only in the demo
SECOND_FACTOR_REQUIRED = env.bool("XINYU_SECOND_FACTOR", default=not DEMO)

SESSION_ENGINE = "xinyu.access.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx and the questionnaire send it as a header
CSRF_FAILURE_VIEW = "xinyu.ui.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_HSTS_SECONDS = 31536000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(DATA_DIR) / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if PROCESS == "tests":
    # the manifest is made by collectstatic; unit tests render pages without it
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "xinyu.access.cache.CalmRedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "xinyu"}}
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 3, "socket_connect_timeout": 2}
CELERY_TIMEZONE = "Asia/Shanghai"
#: how often everything is swept; `watch` looks as often, and takes a worker that missed two rounds for gone
SWEEP_SECONDS = env.float("XINYU_SWEEP_SECONDS", default=20.0)


def _ring(task: str, seconds: float) -> dict:
    """A ring that nobody heard before the next one is worth nothing: after a night without a worker, one is left."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "sign the head of the audit chain": _ring("audit.sign_head", 3600.0),
    "sweep everything": _ring("reminders.sweep", SWEEP_SECONDS),
    "count coverage": _ring("dashboard.count_coverage", 5.0),
    "publish totals": {"task": "dashboard.publish_totals", "schedule": crontab(hour=2, minute=30)},
    "publish screening reports": {"task": "dashboard.publish_reports", "schedule": crontab(hour=2, minute=40)},
    "compare coverage": {"task": "dashboard.recount_coverage", "schedule": crontab(hour=3, minute=10)},
}

# Mail leaves by the county's own server; without a host nothing is mailed and the settings page says so.
EMAIL_HOST = env.str("XINYU_MAIL_HOST", default="")
EMAIL_PORT = env.int("XINYU_MAIL_PORT", default=465)
EMAIL_HOST_USER = env.str("XINYU_MAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("XINYU_MAIL_PASSWORD", default="")
EMAIL_USE_SSL = env.str("XINYU_MAIL_SECURITY", default="ssl") == "ssl"
EMAIL_USE_TLS = env.str("XINYU_MAIL_SECURITY", default="ssl") == "starttls"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("XINYU_MAIL_FROM", default="xinyu@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["xinyu.accounts.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {"TITLE": "心育开放数据接口", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["xinyu.access.uploads.InMemoryOnly"]  # temp files never hold plaintext
DATA_UPLOAD_MAX_NUMBER_FILES = 2  # so that an upload is bounded in memory too
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "xinyu.lib.addresses.CodelessFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.security.csrf": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
#: counts of children below this are hidden with their complements
SMALL_CELL = env.int("XINYU_SMALL_CELL", default=5)
