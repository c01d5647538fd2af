"""Headings and labels of the quality page, in the six languages of the United Nations.

>>> headings("fr").measure, headings("xx").measure
('Mesure', 'Measure')
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headings:
    """Every word of the page that is not a finding's sentence; braces name what is put in."""

    summary: str
    nothing: str
    records: str
    caption: str
    measure: str
    figure: str
    missing: str
    a_range: str
    delay_median: str
    delay_p90: str
    heaping: str
    coverage: str
    severities: Mapping[str, str]


_ALL: Mapping[str, Headings] = {
    "en": Headings(
        "Findings: {findings}. Lists: {lists}. Serious: {serious}.", "Nothing was found.", "Records, for example:",
        "What was measured of {source}", "Measure", "Figure", "Missing: {name}", "A range: {name}",
        "Days from event to report, median", "Days from event to report, nine in ten within", "Heaping: {name}",
        "Crosswalk coverage: {name}", {"info": "Info", "warning": "Warning", "serious": "Serious"},
    ),
    "fr": Headings(
        "Constatations : {findings}. Listes : {lists}. Graves : {serious}.", "Rien à signaler.",
        "Fiches, par exemple :", "Ce qui a été mesuré pour {source}", "Mesure", "Valeur", "Manquant : {name}",
        "Intervalle : {name}", "Jours entre l’événement et le signalement, médiane",
        "Jours entre l’événement et le signalement, neuf sur dix en", "Arrondis : {name}",
        "Couverture de la table de passage : {name}",
        {"info": "Information", "warning": "Avertissement", "serious": "Grave"},
    ),
    "es": Headings(
        "Hallazgos: {findings}. Listas: {lists}. Graves: {serious}.", "No se encontró nada.",
        "Registros, por ejemplo:", "Lo que se midió de {source}", "Medida", "Valor", "Falta: {name}",
        "Intervalo: {name}", "Días entre el hecho y el informe, mediana",
        "Días entre el hecho y el informe, nueve de cada diez en", "Redondeo: {name}",
        "Cobertura de la tabla de correspondencias: {name}",
        {"info": "Información", "warning": "Advertencia", "serious": "Grave"},
    ),
    "ar": Headings(
        "الملاحظات: {findings}. القوائم: {lists}. الخطيرة: {serious}.", "لم يُعثر على شيء.", "سجلات على سبيل المثال:",
        "ما تم قياسه في {source}", "المقياس", "القيمة", "ناقص: {name}", "نطاق: {name}",
        "الأيام من الحدث إلى البلاغ، الوسيط", "الأيام من الحدث إلى البلاغ، تسعة من عشرة خلال", "التقريب: {name}",
        "تغطية جدول المطابقة: {name}", {"info": "معلومة", "warning": "تحذير", "serious": "خطير"},
    ),
    "ru": Headings(
        "Замечания: {findings}. Списки: {lists}. Серьёзные: {serious}.", "Ничего не найдено.", "Записи, например:",
        "Что измерено в списке {source}", "Показатель", "Значение", "Отсутствует: {name}", "Интервал: {name}",
        "Дней от события до сообщения, медиана", "Дней от события до сообщения, девять из десяти в пределах",
        "Округление: {name}", "Охват таблицы соответствия: {name}",
        {"info": "Сведения", "warning": "Предупреждение", "serious": "Серьёзно"},
    ),
    "zh": Headings(
        "发现：{findings}。名单：{lists}。严重：{serious}。", "未发现问题。", "记录示例：", "对 {source} 的测量结果",
        "指标", "数值", "缺失：{name}", "区间：{name}", "从事件到报告的天数，中位数", "从事件到报告的天数，九成不超过",
        "取整：{name}", "对照表覆盖率：{name}", {"info": "提示", "warning": "警告", "serious": "严重"},
    ),
}  # fmt: skip


def headings(language: str) -> Headings:
    """Return the headings in a language; in English where it has none."""
    return _ALL.get(language, _ALL["en"])


def languages() -> tuple[str, ...]:
    """Return the languages that have headings."""
    return tuple(_ALL)
