"""Filters: texts in several languages, numbers, dates, sizes and periods in the reader's language."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consilience.node.ui.texts import Said, spoken
from consilience.publishing.charts.words import day_label, is_right_to_left, number, period_label

register = template.Library()


def _lang() -> str:
    return get_language() or "en"


@register.filter
def said(texts: Mapping[str, str] | Said | str) -> str | SafeString:
    """Write a text in the reader's language, marked with its own language where it has to be another."""
    if isinstance(texts, str):
        return texts
    chosen = texts if isinstance(texts, Said) else spoken(texts, _lang())
    if chosen.lang == _lang():
        return chosen.text
    direction = "rtl" if is_right_to_left(chosen.lang) else "ltr"
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', chosen.lang, direction, chosen.text)


@register.filter
def plain(texts: Mapping[str, str]) -> str:
    """Write a text in the reader's language where no markup can stand: titles, options, labels."""
    return spoken(texts, _lang()).text


@register.filter
def figure(value: float | None) -> str:
    """Write a number; nothing for None."""
    return "" if value is None else number(value, _lang())


@register.filter
def period(code: str) -> str:
    """Write a period."""
    return period_label(code, _lang(), long=True)


@register.filter
def day(value: date) -> str:
    """Write a date in words."""
    return day_label(value, _lang())


@register.filter
def size(count: int) -> str:
    """Write a file size, in units of 1,000."""
    amount, units = float(count), ["B", "kB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{number(round(amount, 0 if amount >= 10 else 1), _lang())} {units[0]}"
