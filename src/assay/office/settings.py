"""Settings of the office, by environment. Safe by default: DEBUG is off unless ASSAY_DEBUG=1.

ASSAY_VAR           folder for data (default var/)
DATABASE_URL        sqlite:///path (default VAR/office.sqlite3) or postgresql://user:password@host:port/name; to a server on another
                    machine with ?sslmode=verify-full&sslrootcert=/path/to/authority.pem
ASSAY_SECRETS       secrets file (default VAR/secrets.json), made on first run
ASSAY_ALLOWED_HOSTS comma-separated (default: localhost; `assay serve --host 0.0.0.0` adds this machine's names)
ASSAY_HTTPS         1 when served behind a proxy that speaks TLS: cookies for this host alone, HSTS with its
                    subdomains, plain requests are redirected. The proxy says X-Forwarded-Proto: https
ASSAY_TLS_CERT      (and ASSAY_TLS_KEY) when the office itself speaks TLS: secure cookies. No HSTS: a school's own certificate must be
                    able to change, and the name may serve other things
ASSAY_PROXIES       how many proxies of ours stand before the office, each adding to X-Forwarded-For (default: 1 behind TLS,
                    else 0): who guesses is slowed down by the address that the outermost of them saw. 0: nothing that a request
                    says of a proxy is believed
ASSAY_SYSLOG        where the lines of the security log go besides the table and standard error: /dev/log, or host:port (UDP)
ASSAY_HALL_URL      where the office reaches the hall (default http://127.0.0.1:8001)
ASSAY_HALL_PUBLIC_URL where browsers reach the hall (default: this host, port ASSAY_HALL_PUBLIC_PORT, 8001)
ASSAY_HALLS         several halls under this office: "name url [url for browsers]; …" (src/assay/exam/halls.py)
ASSAY_HALL_CA       certificates of the authority that vouches for halls reached by https (default: the well-known authorities)
ASSAY_HALL_CERT     the certificate of a hall on this machine, whatever name it is made out to (`assay serve --tls-cert` sets it)
ASSAY_LEDGER_ORIGIN the ledger's name in its signed heads, such as school.example/ledger (default: made from its first key)
ASSAY_HEADS_DIR     a folder of other people's (another machine's share) where signed heads of the ledger are kept
ASSAY_TSA_URL / ASSAY_TSA_ROOTS   a time stamp authority (RFC 3161) that stamps each head, and a PEM file of its roots
ASSAY_REHEARSAL_CLOCK 2026-12-20T08:00+08:00: live from that moment on; every page and ledger entry says so
ASSAY_PROVINCE_URL / ASSAY_PROVINCE_TOKEN   the provincial platform (default: the stand-in on http://127.0.0.1:8002)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from csp.constants import NONE, SELF

from assay.kernel import secrets

VAR = Path(os.environ.get("ASSAY_VAR", "var")).resolve()
SECRETS_FILE = os.environ.setdefault("ASSAY_SECRETS", str(VAR / "secrets.json"))
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("ASSAY_DEBUG") == "1"
SECRET_KEY = secrets.text("django")
SECRET_KEY_FALLBACKS = [secrets.as_text(key) for key in secrets.keys("django")[:-1]]
ALLOWED_HOSTS = os.environ.get("ASSAY_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("ASSAY_HTTPS") == "1"
OWN_TLS = bool(os.environ.get("ASSAY_TLS_CERT"))
PROXIES = int(os.environ.get("ASSAY_PROXIES", "1" if HTTPS else "0"))

ROOMS = [
    "kernel", "centre", "catalogue", "corps", "sites", "bank", "batches", "applications", "arrangement", "filing",
    "exam", "marking", "results", "certificates", "gateway", "archive", "oversight", "portal", "setup", "desk",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    *[f"assay.{room}" for room in ROOMS if (PACKAGE / room / "apps.py").exists()],
]
MIDDLEWARE = [
    "assay.centre.middleware.OneBasis",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assay.office.requests.Readable",
    "assay.office.requests.NotKept",
    "assay.centre.middleware.Sessions",
    "assay.centre.middleware.Door",
    "assay.desk.middleware.OwnPasswordFirst",
    "assay.desk.middleware.SecondFactorFirst",
]
ROOT_URLCONF = "assay.office.urls"
WSGI_APPLICATION = "assay.office.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "office" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assay.office.shell.context",
            ],
            "builtins": [f"assay.kernel.templatetags.{name}" for name in ("clauses", "pieces", "seen")],
        },
    }
]
FORM_RENDERER = "assay.office.shell.TablerForms"


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database URL; ValueError for a scheme that is neither sqlite nor postgresql."""
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=ON",
            },
            "TEST": {"NAME": None},
        }
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ValueError(f"DATABASE_URL: {parts.scheme or url!r} is neither sqlite nor postgresql")


DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR / 'office.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILES_ROOT = VAR / "files"
SYSLOG = os.environ.get("ASSAY_SYSLOG", "")
REHEARSAL_CLOCK = os.environ.get("ASSAY_REHEARSAL_CLOCK", "")

AUTH_USER_MODEL = "centre.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "assay.centre.passwords.UnlikeItsHolder",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "assay.centre.passwords.WithoutKnownWords"},
]  # fmt: skip
LOGIN_URL = "/sign-in/"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# To standard error, with the traceback: whoever runs the office must see why a page failed.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "datefmt": "%Y-%m-%dT%H:%M:%S%z", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "assay.security": {"handlers": [], "level": "INFO"},
    },
}
if SYSLOG:
    host, _, port = SYSLOG.rpartition(":")
    LOGGING["handlers"]["syslog"] = {
        "class": "logging.handlers.SysLogHandler", "address": (host, int(port)) if host else SYSLOG,
    }  # fmt: skip
    LOGGING["loggers"]["assay.security"]["handlers"] = ["syslog"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "office" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "assay.office.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: not in a cookie
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves, no script reads the cookie
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 24 * 3600  # the longest that the parameter session.hours allows; open_sessions ends it before
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS or OWN_TLS
if SESSION_COOKIE_SECURE:
    # A name that browsers take from this host alone, over TLS alone: no neighbour in the domain can put one under it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    2 * 1024 * 1024
)  # of a form without its files, as much as any address takes (kernel/bodies.py)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

OWN_ADDRESS = f"{'https' if OWN_TLS else 'http'}://127.0.0.1:{os.environ.get('ASSAY_OFFICE_PORT', '8000')}"
HALL_URL = os.environ.get("ASSAY_HALL_URL", "http://127.0.0.1:8001")
HALL_PUBLIC_URL = os.environ.get("ASSAY_HALL_PUBLIC_URL", "")
HALL_PUBLIC_PORT = os.environ.get("ASSAY_HALL_PUBLIC_PORT", "8001")
HALLS = os.environ.get("ASSAY_HALLS", "")
HALL_CA = os.environ.get("ASSAY_HALL_CA", "")
HALL_CERT = os.environ.get("ASSAY_HALL_CERT", "")
HALL_SECRET = os.environ.get("ASSAY_HALL_SECRET") or secrets.text("hall")
PROVINCE_URL = os.environ.get("ASSAY_PROVINCE_URL", "http://127.0.0.1:8002")
TSA_URL, TSA_ROOTS = os.environ.get("ASSAY_TSA_URL", ""), os.environ.get("ASSAY_TSA_ROOTS", "")
HEADS_DIR = os.environ.get("ASSAY_HEADS_DIR", "")
LEDGER_ORIGIN = os.environ.get("ASSAY_LEDGER_ORIGIN", "")
PROVINCE_TOKEN = os.environ.get("ASSAY_PROVINCE_TOKEN") or secrets.text("province")
