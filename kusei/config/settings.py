"""Settings: everything comes from the environment and has a default that works on one machine.

docs/settings.md lists every variable; a test keeps the two together.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kusei.config.database import database_from_url
from kusei.config.directory import provider_from, words
from kusei.config.mail import mail_from_url
from kusei.config.site_address import site_address
from kusei.press.languages import LANGUAGES as SPOKEN_LANGUAGES

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("KUSEI_DATA", BASE_DIR / "data")).resolve()


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The key from KUSEI_SECRET_KEY, or one made once and kept in the data folder (readable by its owner only)."""
    given = os.environ.get("KUSEI_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text()
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = _flag("KUSEI_DEBUG", False)
ALLOWED_HOSTS = [
    host for host in os.environ.get("KUSEI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("KUSEI_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "kusei.press",
    "kusei.files",
    "kusei.jobs",
    "kusei.wards",
    "kusei.notices",
    "kusei.search",
    "kusei.plans",
    "kusei.ledger",
    "kusei.results",
    "kusei.documents",
    "kusei.services.activities",
    "kusei.services.questions",
    "kusei.portal",
    "kusei.office",  # before allauth: its templates take the place of the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # outside the furigana: its mark is of the finished page
    "kusei.portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kusei.config.sessions.SessionTimeMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kusei.config.security.ContentSecurityPolicyMiddleware",
    "kusei.config.security.AuditTrailMiddleware",
    "kusei.config.security.AccessRuleMiddleware",
    "kusei.office.middleware.UnreadableMiddleware",
    "kusei.portal.middleware.FuriganaMiddleware",  # innermost: what others count, sign and compress is the finished page
]

ROOT_URLCONF = "kusei.config.urls"
WSGI_APPLICATION = "kusei.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kusei.portal.reader.reader",
                "kusei.config.demo.demo",
            ],
            "builtins": ["kusei.press.templatetags.press", "kusei.portal.templatetags.translated"],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""), data_dir=DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "wards.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "office:wards"
ACCOUNT_ADAPTER = "kusei.wards.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Nobody signs up: accounts are opened by invitation.
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # links for a new password, mailed or handed over by an administrator
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
# A whole office may stand behind one address: wrong passwords are counted for each account, more loosely for each address.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KUSEI_PROXIES", "0"))
_FORMS = "kusei.office.forms.log_in."
ACCOUNT_FORMS = {
    "login": f"{_FORMS}LoginForm",
    "change_password": f"{_FORMS}ChangePasswordForm",
    "set_password": f"{_FORMS}SetPasswordForm",
    "reset_password": f"{_FORMS}ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}ResetPasswordKeyForm",
    "reauthenticate": f"{_FORMS}ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}CodeForm",
    "reauthenticate": f"{_FORMS}CodeAgainForm",
    "activate_totp": f"{_FORMS}ActivateForm",
}
MFA_ADAPTER = "kusei.wards.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kusei"
MFA_TOTP_TOLERANCE = 1  # half a minute before and after: phones' clocks differ
KUSEI_SESSION_IDLE_MINUTES = int(os.environ.get("KUSEI_SESSION_IDLE_MINUTES", "60"))
KUSEI_SESSION_HOURS = int(os.environ.get("KUSEI_SESSION_HOURS", "12"))
USERSESSIONS_TRACK_ACTIVITY = True  # noted by SessionTimeMiddleware, once a minute
SOCIALACCOUNT_ADAPTER = "kusei.wards.adapters.DirectoryAdapter"
SOCIALACCOUNT_PROVIDERS = provider_from(os.environ)
SOCIALACCOUNT_LOGIN_ON_GET = (
    True  # a form's redirect to another machine is what the Content-Security-Policy forbids
)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # matched by DirectoryAdapter, which keeps the password
KUSEI_OIDC_SECOND_FACTOR = words(os.environ.get("KUSEI_OIDC_SECOND_FACTOR", ""))

# Shared by all processes and machines: how often somebody tried to log in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kusei_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

locals().update(mail_from_url(os.environ.get("KUSEI_MAIL_URL", "")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("KUSEI_MAIL_FROM", "kusei@localhost")
KUSEI_SITE_URL = site_address(os.environ, DATA_DIR)

# What may be sent to the office at once, and how large one of the files may be.
KUSEI_UPLOAD_MEGABYTES = int(os.environ.get("KUSEI_UPLOAD_MEGABYTES", "50"))
KUSEI_UPLOAD_FILES = int(os.environ.get("KUSEI_UPLOAD_FILES", "20"))
# A year's results of a body outside stand on one page (eight fields an action, as they were and as they are): with Django's
# own limits everything that was typed there would be gone for 125 actions.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = KUSEI_UPLOAD_FILES * 2  # beyond that Django refuses without a word of ours
KUSEI_INBOX = Path(os.environ["KUSEI_INBOX"]).resolve() if os.environ.get("KUSEI_INBOX") else None

# A demo: its log-ins are shown to everybody, and it begins anew every night or every so many hours.
KUSEI_DEMO = _flag("KUSEI_DEMO", False)
KUSEI_DEMO_HOURS = int(os.environ.get("KUSEI_DEMO_HOURS", "") or 0)

LANGUAGE_CODE = "ja"
LANGUAGES = [(language.code, language.name) for language in SPOKEN_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "kusei" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MANIFEST_STRICT = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kusei.config.refusals.csrf_failure"
if _flag("KUSEI_HTTPS", False):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_SSL_REDIRECT = True
    # Whether the city's other host names go by HTTPS, and stand on browsers' preload lists, is not Kusei's to promise.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "kusei.notices.redaction.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("KUSEI_LOG_LEVEL", "WARNING")},
}
