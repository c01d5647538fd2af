"""What can be found wrong with a study before any file is read: every step's declaration, held against the others."""

from collections.abc import Callable, Iterator

from consilience.disclosure.rules import DisclosureRules
from consilience.errors import ConsilienceError
from consilience.standards.registry import Registry
from consilience.study.disclose import check_disclosure
from consilience.study.observe import chosen_indicators
from consilience.study.people import linkage_spec
from consilience.study.plan import Study
from consilience.study.unseen import chosen_for_estimation


def faults(study: Study, registry: Registry) -> Iterator[ConsilienceError]:
    """Yield every fault of the declarations, one for each step."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: list(study.mappings()),
        lambda: chosen_indicators(study.form.count, registry),
        lambda: linkage_spec(study),
        lambda: DisclosureRules.parse(study.form.disclosure or {}),
        lambda: check_disclosure(study),
        lambda: chosen_for_estimation(study.form, registry),
    )
    for step in steps:
        try:
            step()
        except ConsilienceError as fault:
            yield fault


def refuse_faults(study: Study, registry: Registry) -> None:
    """Raise the first fault of a study's declarations."""
    for fault in faults(study, registry):
        raise fault
