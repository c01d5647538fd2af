"""The six languages of the pages, each by its own name."""

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "العربية",
        "zh": "中文",
        "en": "English",
        "fr": "Français",
        "ru": "Русский",
        "es": "Español",
    }
)
