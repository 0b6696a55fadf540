"""Every setting of Aula, read from the environment (docs/configuration.md) with safe defaults.

A value that is missing or wrong in production is reported by `aula.checks` with what to do about it.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.contrib.messages import constants as messages
from django.urls import reverse_lazy

from aula import database
from aula.storage import backend

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent.parent

DEBUG = env.bool("DEBUG", False)
DEVELOPMENT_SECRET_KEY = "only-for-development-never-used-with-debug-off"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", DEVELOPMENT_SECRET_KEY if DEBUG else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys, while being replaced
BASE_DOMAIN = env.str("BASE_DOMAIN", "localhost").lower()
EXTRA_HOSTS = env.list("EXTRA_HOSTS", default=[])  # tenants' own domains; `*` where a proxy already checks
ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}", *EXTRA_HOSTS]
VAR = Path(env.str("VAR_DIR", str(ROOT / "var")))

INSTALLED_APPS = [
    "daphne",
    "aula.operators.OperatorsConfig",  # Django admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "aula",
    "tenants",
    "accounts",
    "turncreds",
    "classrooms",
    "signaling",
]

MIDDLEWARE = [
    "aula.middleware.asker_address",
    "aula.middleware.connection_given_back",
    "aula.health.health",
    "signaling.media_hooks.media_hooks",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "aula.middleware.permissions_policy",
    "aula.middleware.private_pages",
    "tenants.middleware.TenantMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "tenants.look.look_files",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sessions.own_sessions",
    "tenants.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.MembershipMiddleware",
    "classrooms.middleware.VisitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aula.errors.RefusalMiddleware",
]

if DEBUG:
    MIDDLEWARE.append("aula.errors.own_not_found")

ROOT_URLCONF = "aula.urls"
SCHOOL_URLCONF = "aula.school_urls"
ASGI_APPLICATION = "aula.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "tenants.context.tenant",
            ],
        },
    },
]

DATABASE_URL = env.str("DATABASE_URL", "")
DATABASE_CONNECTIONS = env.int("DATABASE_CONNECTIONS", 20)  # of one process, to PostgreSQL
DATABASES = {"default": database.backend(DATABASE_URL, VAR / "aula.sqlite3", DATABASE_CONNECTIONS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "signaling.redis_layer.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "aula"},
    }
    if REDIS_URL
    else {"BACKEND": "signaling.layers.LocalChannelLayer", "CONFIG": {"capacity": 1000}}
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = reverse_lazy("sign-in")
LOGIN_REDIRECT_URL = reverse_lazy("dashboard")
LOGOUT_REDIRECT_URL = reverse_lazy("sign-in")

# Sign-in (docs/sign-in.md): django-allauth, with Aula's rules in accounts.adapters.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0  # whose X-Forwarded-For is believed
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, and prove their email by a link or a code
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_RATE_LIMITS = {  # a school often has one address for everybody in it
    "login": "600/m/ip",
    "login_failed": "120/m/ip,10/5m/key",
    "request_login_code": "120/m/ip,3/m/key",
    "reauthenticate": "20/m/user",
    "reset_password": "120/m/ip,1/m/key",
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there is no other email than the one the school has entered
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://demo.localhost
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SchoolAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
OUTGOING_PRIVATE = DEBUG  # whether servers that schools name may have private addresses and no TLS

EMAIL_URL = env.email_url("EMAIL_URL", "consolemail://")
EMAIL_BACKEND = EMAIL_URL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_URL["EMAIL_HOST"]
EMAIL_PORT = EMAIL_URL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_URL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_URL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_URL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_URL.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"Aula <aula@{BASE_DOMAIN}>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # each in its own words
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "aula.formats"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGE_URL = env.str("STORAGE_URL", "")  # s3://KEY:SECRET@host/bucket, file:///path; empty: VAR_DIR/files
STORAGES = {
    "default": backend(STORAGE_URL, VAR / "files"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "aula.static.HashedStaticFiles"
    },
}

RECORDINGS_DIR = Path(env.str("RECORDINGS_DIR", str(VAR / "recordings")))  # written by the media process
MATERIAL_MOST_BYTES = env.int("MATERIAL_MOST_BYTES", 100_000_000)  # of one file for a class

# Security: the proxy in front speaks TLS; development on localhost does not.
SECURE_SSL_REDIRECT = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # scripts have the token from their page
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_DOMAIN = None  # a session belongs to one host
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "aula.errors.forged_form"
MESSAGE_TAGS = {messages.ERROR: "danger", messages.WARNING: "warn", messages.SUCCESS: "good"}

# Where the processes listen: on this machine alone in development.
WEB_BIND = env.str("WEB_BIND", "127.0.0.1:8000" if DEBUG else "0.0.0.0:8000")
MEDIA_BIND = env.str("MEDIA_BIND", "127.0.0.1:7880" if DEBUG else "0.0.0.0:7880")
MEDIA_UDP_PORT = env.int("MEDIA_UDP_PORT", 7882)
MEDIA_ROOM_PARTICIPANTS = env.int("MEDIA_ROOM_PARTICIPANTS", 200)
MEDIA_TCP_PORT = env.int("MEDIA_TCP_PORT", 0 if DEBUG else 7881)  # 0: no ICE-TCP
# Firefox sends nothing to a loopback address: media itself comes in on the others too, also in development.
_everywhere, _as_sockets = "0.0.0.0", MEDIA_BIND.rpartition(":")[0].strip("[]")  # noqa: S104
MEDIA_RTC_HOST = env.str("MEDIA_RTC_HOST", _everywhere if DEBUG else _as_sockets)
MEDIA_ANNOUNCE = env.list("MEDIA_ANNOUNCE", default=["local"] if DEBUG else [])
MEDIA_DRAIN_SECONDS = env.float("MEDIA_DRAIN_SECONDS", 2.0)  # from SIGTERM until everybody is moved
MEDIA_METRICS_TOKEN = env.str("MEDIA_METRICS_TOKEN", "")  # what Prometheus shows to read /metrics; or nothing
MEDIA_STALL_SECONDS = env.float("MEDIA_STALL_SECONDS", 10.0)  # without a heartbeat before it is replaced

# The media engine, or a LiveKit cluster in its place: only these four know which.
_media_port = MEDIA_BIND.rpartition(":")[2]
# MEDIA_URL is also the name of a Django setting for uploaded files, hence the longer one here.
MEDIA_SERVER_URL = env.str("MEDIA_URL", f"ws://{BASE_DOMAIN}:{_media_port}" if DEBUG else "")
MEDIA_API_URL = env.str("MEDIA_API_URL", f"http://127.0.0.1:{_media_port}")
MEDIA_API_KEY = env.str("MEDIA_API_KEY", "aula")
MEDIA_API_SECRET = env.str("MEDIA_API_SECRET", "only-for-development-32-characters-at-least" if DEBUG else "")
# Where the media process tells what happens in rooms (docs/media-protocol.md).
MEDIA_WEBHOOK_URLS = env.list("MEDIA_WEBHOOK_URLS", default=[])
MEDIA_WHIP_REDIRECT = env.str(
    "MEDIA_WHIP_REDIRECT", ""
)  # another engine, for encoders that find this one full

# TURN (docs/turn.md): relay servers for people whose network lets nothing else through.
TURN_URLS = env.list("TURN_URLS", default=[])
TURN_SECRETS = env.list("TURN_SECRETS", default=[])  # the first one signs, the others are being retired
TURN_TTL = env.int("TURN_TTL", 600)  # seconds
TURN_CLOCK_SKEW = env.int("TURN_CLOCK_SKEW", 120)  # seconds a relay's clock may be ahead
TURN_ISSUES_PER_MINUTE = env.int("TURN_ISSUES_PER_MINUTE", 12)  # of one participant
TURN_CA_FILE = env.str("TURN_CA_FILE", "")  # for checkturn, where the relay's certificate is a private CA's
# What only `coturnconf` writes:
TURN_PROFILE = env.str("TURN_PROFILE", "sfu")  # or "direct": relays calls between two browsers too
TURN_REALM = env.str("TURN_REALM", BASE_DOMAIN)
TURN_ALLOWED_PEERS = env.list("TURN_ALLOWED_PEERS", default=[])
TURN_EXTERNAL_IPS = env.list("TURN_EXTERNAL_IPS", default=[])
TURN_RELAY_PORTS = env.str("TURN_RELAY_PORTS", "49160-49999")
TURN_CERTIFICATE = env.str("TURN_CERTIFICATE", "/etc/coturn/certificate.pem")
TURN_KEY = env.str("TURN_KEY", "/etc/coturn/key.pem")
TURN_USER_QUOTA = env.int("TURN_USER_QUOTA", 4)  # allocations of one participant
TURN_TOTAL_QUOTA = env.int("TURN_TOTAL_QUOTA", 600)
TURN_MAX_BPS = env.int("TURN_MAX_BPS", 400_000)  # bytes a second and allocation, each way

# The REST API (docs/api.md)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 600)  # of one key or person
API_STRANGERS_PER_MINUTE = env.int("API_STRANGERS_PER_MINUTE", 60)  # of one address without either
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "classrooms.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["classrooms.api.permissions.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["classrooms.api.parsers.Json"],
    "DEFAULT_SCHEMA_CLASS": "classrooms.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "classrooms.api.problems.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Aula API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Schools, their people and their classes, for other systems.",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "classrooms.api.document.everywhere",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SchoolRole": "accounts.models.Role",
        "CourseRole": "classrooms.models.courses.Enrolment.Role",
        "ClassRole": "classrooms.models.live.Participant.Role",
        "SessionState": "classrooms.models.sessions.ClassSession.State",
        "SessionEntry": "classrooms.models.sessions.ClassSession.Entry",
        "RecordingState": "classrooms.models.recordings.Recording.State",
        "TrackState": "classrooms.models.recordings.RecordingTrack.State",
        "DownloadState": "classrooms.models.recordings.RecordingDownload.State",
        "WebhookState": "classrooms.models.hooks.Webhook.State",
        "DeliveryState": "classrooms.models.hooks.WebhookDelivery.State",
        "WebhookEvent": "classrooms.hooks.events.NAMES",
    },
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    },
}
# Pages of other sites (tenants.cors): with a key, never with a cookie.
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "POST", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Idempotency-Replayed",
]
CORS_PREFLIGHT_MAX_AGE = 600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, *filter(None, (MEDIA_SERVER_URL, MEDIA_SERVER_URL.replace("ws", "http", 1)))],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOG_FORMAT = env.str("LOG_FORMAT", "line")  # or "json"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "aula.logs.Line"}, "json": {"()": "aula.logs.Json"}},
    "filters": {
        "no_secrets": {"()": "aula.logs.NoSecrets"},
        "scope": {"()": "aula.logs.Scope"},
        "reference": {"()": "aula.logs.Reference"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["no_secrets", "scope", "reference"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"daphne": {"level": "WARNING"}},  # at INFO a line for each endpoint, and one on HTTP/2
}
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "a-demo-of-aula")
