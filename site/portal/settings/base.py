"""What a server runs. Fails closed when a secret is missing; `demo` and `test` only loosen it.

Every environment variable is read through `portal.settings.env`, which is also the table of them.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from .env import TIMEOUTS, env, var_dir

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = var_dir(BASE_DIR)

DEBUG = False
DEMO = False
SECRET_KEY = env.secret("SECRET_KEY")
TIP_KEYRING = env.secret("TIP_KEYRING")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS")
WAGTAILADMIN_BASE_URL = env.text("BASE_URL", "https://localhost")

INSTALLED_APPS = [
    "portal",
    "tipform",
    "communes",
    "home",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.CompressionMiddleware",
    "portal.middleware.AdminPolicyMiddleware",
    "portal.middleware.PublicPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.broken.RetryMiddleware",
    "portal.bodies.BodyMiddleware",
    "portal.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.second_factor.SecondFactorMiddleware",
    "portal.signed_out.SignedOutMiddleware",
    "home.guards.AdminGuardMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tipform.desk.keys.middleware.OfficerKeyMiddleware",
    "portal.typed_addresses.TypedAddressMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "communes.approval.lost_forms.LostFormMiddleware",
    "home.older_forms.OnePressAtATimeMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "portal.context.site",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------------------

DATABASES = {"default": env.database(VAR_DIR / "db.sqlite3")}
REDIS_URL = env.text("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Addresses of pictures. Another process may rename one, so none remembers them for long.
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "renditions",
        "TIMEOUT": 60,
    },
    # Limits need an atomic counter shared by all processes, which neither LocMem nor DatabaseCache is.
    "counters": {"BACKEND": "tipform.counters.CounterCache"},
}
if REDIS_URL:
    CACHES = {
        name: {
            "BACKEND": "home.shared_cache.SharedCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": name,
            "OPTIONS": {
                "socket_connect_timeout": TIMEOUTS["Redis"],
                "socket_timeout": TIMEOUTS["Redis"],
                "retry": None,
            },
        }
        for name in ("default", "counters")
    }
RATELIMIT_USE_CACHE = "counters"
# A counter that cannot be counted must not close the tip line.
RATELIMIT_FAIL_OPEN = True
# Both checks judge a cache backend by its class: ours counts atomically (there is a test), and so does Redis.
# Django's looks for its own middleware of form tokens by name; portal.E006 asks for it or a class made of it.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.W001", "django_ratelimit.E003", "security.W003"]

MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "site" / "portal" / "static",
    ("handbook", BASE_DIR / "docs" / "handbook" / "images"),
]
STORAGES = env.storages(media_root=MEDIA_ROOT, tips_root=VAR_DIR / "tips")
# nginx hands out pictures from its own disk; the demo has no nginx, and nobody but the portal reads a bucket.
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=bool(env.text("MEDIA_S3_BUCKET", "")))

# Nothing that anybody uploads is written to a disk in the clear, not even for the time of the request.
FILE_UPLOAD_HANDLERS = ["tipform.uploads.EncryptedUploadHandler"]
# A 20,000-character message is the form's own limit; this one lets 1 MB of it arrive, so that the form can
# answer in words with the text still there.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# The upload handler keeps ten files and counts the others; Django would drop the words with them.
DATA_UPLOAD_MAX_NUMBER_FILES = None
# Files go up ahead of their form and wait for it, sealed. When all of them take so much, the next ones travel
# with their form again.
TIP_UPLOADS_MAX_BYTES = env.number("TIP_UPLOADS_MAX_MB", 2048) * 1024 * 1024
# The whole request: five files of 25 MB and the text, with room for the multipart frame.
REQUEST_MAX_BYTES = 160 * 1024 * 1024

# --- Language and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
# One country, one time: no list of all the world's to choose from.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
FORMAT_MODULE_PATH = ["portal.formats"]
# What the editor's fields show; both languages read it (portal.formats).
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"

# --- Staff accounts ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "communes.User"
AUTHENTICATION_BACKENDS = ["communes.passwords.PasswordBackend"]
PASSWORD_HASHERS = ["communes.accounts.ComposedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_FORMS = {
    "login": "communes.staff.login.LoginForm",
    "change_password": "communes.passwords.ChangePasswordForm",
}
# Passwords have one limit, communes.passwords, which keeps no address. The one that is left here counts wrong
# codes of the second factor, by account: nobody gets so far without the password.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "reauthenticate": "",
    "change_password": "",
    "login_failed": "5/5m/key",
}
ACCOUNT_ADAPTER = "tipform.keys.accounts.KeyAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kết nối An ninh"
MFA_TOTP_TOLERANCE = 1  # steps of half a minute that a phone's clock may be off; portal.totp takes each once
MFA_FORMS = {
    "authenticate": "portal.totp.AuthenticateOnceForm",
    "reauthenticate": "portal.totp.ReauthenticateOnceForm",
}
# For how many days at most copies of what was erased live on in backups; the page that erases says so.
BACKUP_DAYS = env.number("BACKUP_DAYS", 30)
# A page that anybody may be reading, of another site: nothing in it leads back here.
QUICK_EXIT_URL = env.text("QUICK_EXIT_URL", "https://nchmf.gov.vn/")
# A reporter can send his tip to the unit above when it is closed, when it has had no answer for so many
# days, or no result for so many (the law gives 20 days to decide on a report of crime).
TIP_UP_WITHOUT_ANSWER_DAYS = 7
TIP_UP_WITHOUT_RESULT_DAYS = 20

# Staff who can publish or read tips need more than a password.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=True)
WAGTAIL_PASSWORD_RESET_ENABLED = False
# How long the code on a printed slip (an invitation, a new password) can be used.
INVITATION_HOURS = 72
# A password is changed in one place, which re-wraps the officer's key.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False

# What an officer's key costs to unwrap: Argon2id passes and bytes. At most two at a time in a process.
OFFICER_KEY_COST = (3, 64 * 1024 * 1024)
# An opened key ends after so many idle seconds, and after so many in all.
TIP_KEY_IDLE = 30 * 60
TIP_KEY_LONGEST = 10 * 60 * 60
TIP_KEY_COOKIE = "__Host-tipkey"

SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Django's year would tell whoever takes the phone next that the tip form was opened on it.
CSRF_COOKIE_AGE = None

# Notices to staff (communes.notices); each enters and confirms his own address on the page of the bell.
vars().update(env.mail())
EMAIL_TIMEOUT = TIMEOUTS["mail"]
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "") or vars().get("EMAIL_HOST_USER") or "webmaster@localhost"
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# Phones of staff ring by way of their browsers' makers (Web Push).
VAPID_PRIVATE_KEY = env.text("VAPID_PRIVATE_KEY", "").strip()
VAPID_CONTACT = env.text("VAPID_CONTACT", "").strip()
# As each maker documents it. Nothing else is ever asked, whatever a browser says its address is.
PUSH_SERVICES = env.list("PUSH_SERVICES") or [
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
]
# For tests alone: also a service on this machine, at any port.
PUSH_TO_LOOPBACK = False

# --- Wagtail ----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Kết nối An ninh"
# No request leaves the site's own origin: neither staff e-mail hashes nor version numbers.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "home.publishing.publish_approved"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "home.search_backend"}}
# No SVG: a vector file is a stored script.
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.media_forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.media_forms.DocumentForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "doc", "docx", "xls", "xlsx", "odt", "ods"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILAPI_LIMIT_MAX = 50
WAGTAILAPI_SEARCH_ENABLED = False
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # Its own default takes a password with each request.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
}
# What is not for everybody needs a log-in: one password for many people is none.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}

# --- What leaves the server -------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=False)
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = ("HTTP_X_FORWARDED_PROTO", "https")
# `same-origin`, not `no-referrer`: with the latter a browser sends `Origin: null` on a form post, which
# Django's CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
# Wagtail's own editor has inline scripts and styles; nothing of a resident's is rendered there as markup.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
}

# Hops between this process and the network that may be trusted to name the visitor's address.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 1)
# Otherwise all staff behind the proxy share one limit of failed log-ins, and any visitor uses it up.
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# No line says who asked for what: access is not logged, and an error names its place, not its data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_content": {"()": "portal.logs.WithoutContent"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_content"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would print around the filter.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        # Its debug lines hold what a picture's metadata say.
        "PIL": {"level": "WARNING"},
        # Its lines hold the address that was asked for: of somebody's phone, of a file.
        "urllib3": {"level": "ERROR"},
    },
}
DEFAULT_EXCEPTION_REPORTER = "portal.logs.NothingOfTheError"
DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.logs.NothingOfTheRequest"
