"""The study file that `consilience study new` writes."""

STUDY_TEMPLATE = """\
# A study: which lists, what is counted, how. Every key is explained in docs/reference/study.md.

[study]
id = "my-study"
version = "1.0"
title = { en = "What the release is called" }
publisher = "Who answers for it"
licence = "CC-BY-4.0"
released_on = 2026-01-01
as_of = 2025-12-31

[sources.first]
title = "What the list is called"
organisation = "Who keeps it"
mapping = "persons"
path = "first.csv"
licence = "CC-BY-4.0"
citation = "How to cite the list"

[count]
indicators = ["KILLINGS"]
frequency = "month"
areas = "country"
overlap = "unknown"
"""
