"""Settings of the Django project."""

import os

SECRET_KEY = os.environ.get("CONSILIENCE_SECRET_KEY", "")
DEBUG = False
INSTALLED_APPS: list[str] = []
USE_TZ = True
