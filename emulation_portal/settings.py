"""All settings, read from the environment (see .env.example); a wrong value stops the start with a sentence."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from emulation_portal.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)
env = Environment()

# --- what kind of installation this is ---------------------------------------------------------------
PRODUCTION = env.boolean("PRODUCTION", default=False)
DEBUG = env.boolean("DEBUG", default=False)
DATA_DIR = env.folder("DATA_DIR", default=BASE_DIR / "var")
SITE_URL = env.site(
    "SITE_URL", default=f"http://127.0.0.1:{env.number('PORT', default=8000)}", production=PRODUCTION
)
SECRET_KEY = env.secret_key("SECRET_KEY", keep_in=DATA_DIR / "secret_key", production=PRODUCTION)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
DEMO_PASSWORD = env.text("DEMO_PASSWORD", default="thidua-412")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG không được bật khi PRODUCTION=1.")
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS phải ghi tên miền của cổng khi PRODUCTION=1, không dùng *.")

# --- the house ---------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "emulation_portal",
    "core",
    "organization",
    "campaigns",
    "scoring",
    "awards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "axes",
    "csp",
    "rules.apps.AutodiscoverRulesConfig",
]
MIDDLEWARE = [
    # First what writes headers, so that every answer carries them, those of the guards and of WhiteNoise too.
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.RefuseOddRequests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PrivatePages",
    "core.middleware.NoteDownloads",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.NoteRefusals",
    "organization.middleware.IdleSession",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organization.middleware.FirstPassword",
    "organization.middleware.FairUse",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "emulation_portal.urls"
WSGI_APPLICATION = "emulation_portal.wsgi.application"
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
                "emulation_portal.navigation.navigation",
            ],
            "builtins": ["core.templatetags.portal"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "core.widgets.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- database ----------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
USES_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")

# --- language, time, numbers -------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["emulation_portal.formats"]
USE_THOUSAND_SEPARATOR = False  # grouping would break years and record numbers in links

# --- sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "organization.passwords.PortalArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "organization.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "organization.passwords.NoOfficeWords"},
    {"NAME": "organization.passwords.NoDressedWord"},
]
PASSWORD_MIN_LENGTH = env.number("PASSWORD_MIN_LENGTH", default=14, least=8)
PASSWORD_WORDS = env.words("PASSWORD_WORDS", default=[])
PASSWORD_RESET_TIMEOUT = 60 * 60
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = env.hours("LOCKOUT_HOURS", default="0.25")
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "organization.views.signin.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
PROXY_COUNT = env.number("PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "core.middleware.client_address"
AXES_VERBOSE = False
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", default=15)
ACCOUNT_IDLE_DAYS = env.number("ACCOUNT_IDLE_DAYS", default=45)  # 0: accounts are never shut for that
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
LAST_USER_COOKIE = "__Host-nguoi" if PRODUCTION else "nguoi"  # signed; names whose form may be held
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "organization.views.held.stale_page"

# --- security headers --------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-phien"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    # htmx reads the token from a <meta>, so the cookie itself may stay out of scripts' reach.
    CSRF_COOKIE_HTTPONLY = True

# --- files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.folder("STATIC_ROOT", default=DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.testing
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or env.testing
WHITENOISE_AUTOREFRESH = DEBUG or env.testing  # tests need no collected files
EVIDENCE_DIR = DATA_DIR / "evidence"
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", default=25) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600

# --- letters -----------------------------------------------------------------------------------------
vars().update(
    env.mail(
        "EMAIL_URL",
        default=f"folder://{DATA_DIR / 'letters'}",
        password=env.text("EMAIL_PASSWORD", default=""),
        # Of each word of the conversation; the lease of a letter (core.delivery) is longer than all of them together.
        timeout=env.number("EMAIL_TIMEOUT", default=20, least=1, most=30),
        production=PRODUCTION,
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mailbox("EMAIL_FROM", default="Cổng Thi đua <thidua@sonoivu.example>")
EMAIL_REPLY_TO = env.mailbox("EMAIL_REPLY_TO", default="")

# --- reminders: hours of Việt Nam --------------------------------------------------------------------
DIGEST_HOUR = env.number("DIGEST_HOUR", default=8, most=22)
WORK_ENDS_HOUR = env.number("WORK_ENDS_HOUR", default=17, least=DIGEST_HOUR + 1, most=24)
CLOSING_HOUR = env.number("CLOSING_HOUR", default=24, least=1, most=24)
REMINDERS_PER_DAY = env.number("REMINDERS_PER_DAY", default=1, least=1)

# --- background work ---------------------------------------------------------------------------------
REDIS_URL = env.redis("REDIS_URL", default="")
EMBEDDED_BROKER = not REDIS_URL
BROKER_SOCKET = env.socket(DATA_DIR / "broker.sock")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker however long that is away
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # seconds after which the messages of a worker that is gone are given to another
    "visibility_timeout": 300,
    # kombu looks for messages of killed workers every interval x throttle seconds
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 3,
    "health_check_interval": 25,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Below the visibility timeout, or a slow task would run twice; first it is asked to stop, so that it can note why.
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 250, 280
CELERY_TASK_IGNORE_RESULT = True
# Letters come by the thousand: they have a queue of their own, so that nothing else waits behind them.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("letters")]
CELERY_TASK_ROUTES = {"core.tasks.deliver": {"queue": "letters"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # worker and timetable write the same log lines as the web
CELERY_TASK_ALWAYS_EAGER = env.testing
CELERY_TASK_EAGER_PROPAGATES = True

# --- limits: how often a minute one person may ask for what costs much; 0 is no limit -------------------
LIMITS_PER_MINUTE = {
    "search": env.number("SEARCHES_PER_MINUTE", default=0 if env.testing else 120),
    "export": env.number("EXPORTS_PER_MINUTE", default=0 if env.testing else 20),
    "upload": env.number("UPLOADS_PER_MINUTE", default=0 if env.testing else 30),
    "feed": env.number("FEEDS_PER_MINUTE", default=0 if env.testing else 10),
}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        # Counters only. Without a Redis of its own each web process counts for itself.
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket:", "unix:", 1),
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }

# --- log ---------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.OneLine"}},
    "filters": {"broker away": {"()": "core.logs.BrokerAway"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "celery.beat": {"filters": ["broker away"]},
        "django.request": {"level": "ERROR"},
    },
}
