"""Settings of the Django project, read from the environment (docs/reference/node.md lists every name).

There is no secret default: without `CONSILIENCE_SECRET_KEY` each process draws its own key. The public pages sign and
store nothing, so a key that dies with the process harms nobody; `consilience node serve` refuses to open the node to
other machines without a key of its own.
"""

import os
import secrets
from importlib.resources import files
from pathlib import Path

from consilience.node.languages import LANGUAGE_NAMES


def _listed(name: str, separator: str) -> list[str]:
    return [part for part in os.environ.get(name, "").split(separator) if part]


SECRET_KEY = os.environ.get("CONSILIENCE_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = _listed("CONSILIENCE_ALLOWED_HOSTS", ",") or ["127.0.0.1", "localhost", "[::1]"]
DEBUG = False

CONSILIENCE_RELEASES = [Path(part) for part in _listed("CONSILIENCE_RELEASES", os.pathsep)]
CONSILIENCE_TITLE = os.environ.get("CONSILIENCE_TITLE", "")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "consilience.node.ui",
    "consilience.node.releases",
]
MIDDLEWARE = [
    "consilience.node.ui.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "consilience.node.ui.middleware.incidents",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "consilience.node.ui.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "consilience.node.urls"
WSGI_APPLICATION = "consilience.node.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["consilience.node.ui.context.site"]},
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = list(LANGUAGE_NAMES.items())
LOCALE_PATHS = [str(files("consilience.node") / "locale")]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("CONSILIENCE_STATIC_ROOT", "")
STATICFILES_DIRS = [("charts", str(files("consilience.publishing.charts") / "data"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "consilience": {"handlers": ["stderr"], "level": "INFO"},
        # Django's own record of a failed request holds the traceback and the address asked for; ours holds neither.
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
