"""A ladder: the written steps of a procedure, where a case stands on it, and the clock of each step.

>>> from consilience.publishing.charts import Head, Ladder, Step, StepState, ladder_chart
>>> step = Step("Reply by the State", "within 60 days", "due 3 May 2026", StepState.LATE, 1.0)
>>> "Reply by the State" in ladder_chart(Ladder(Head("l", "Ladder", "The reply is late."), (step,)))
True
"""

from dataclasses import dataclass
from enum import StrEnum

from consilience.publishing.charts.canvas import Canvas, Head
from consilience.publishing.charts.scale import drawable
from consilience.publishing.charts.words import text_width, wrap

STEP = 64.0
NODE = 16.0
TEXT = 40.0


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    CURRENT = "current"
    LATE = "late"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung.

    Attributes:
        name: what has to happen.
        limit: the written time limit, in words.
        clock: what the clock says, in words ("12 days left", "late by 8 days"): colour never says it alone.
        state: where the step stands.
        elapsed: the share of the time that has gone by, 0 to 1 and above; None where no clock runs.
    """

    name: str
    limit: str
    clock: str
    state: StepState
    elapsed: float | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps from first to last."""

    head: Head
    steps: tuple[Step, ...]


def ladder_chart(chart: Ladder) -> str:
    """Draw `chart` from top to bottom: a filled mark for done, a ring for current, a diamond for late, a dot ahead."""
    canvas = Canvas.open(chart.head, STEP * max(len(chart.steps), 1) + 4)
    for index, step in enumerate(chart.steps):
        y = canvas.top + STEP * index + 20
        if index + 1 < len(chart.steps):
            done = step.state is StepState.DONE
            canvas.line((NODE, y), (NODE, y + STEP), "whisker s1" if done else "break")
        _node(canvas, step.state, y)
        _words(canvas, step, y)
    return canvas.close()


def _node(canvas: Canvas, state: StepState, y: float) -> None:
    canvas.mark((NODE, y), 0, "ground", 11)
    if state is StepState.DONE:
        canvas.mark((NODE, y), 0, "dot s1", 9)
        canvas.path([(NODE - 4, y), (NODE - 1, y + 3.5), (NODE + 4.5, y - 3.5)], "line check")
    elif state is StepState.CURRENT:
        canvas.mark((NODE, y), 0, "ring s1", 9)
        canvas.mark((NODE, y), 0, "dot s1", 4)
    elif state is StepState.LATE:
        canvas.mark((NODE, y), 3, "dot s2", 9)
        canvas.text(NODE, y + 4.5, "!", anchor="middle", style="strong on4")
    else:
        canvas.mark((NODE, y), 0, "ring s4", 6)


def _words(canvas: Canvas, step: Step, y: float) -> None:
    room = canvas.head.width - TEXT - 4
    clock = min(text_width(step.clock, 12), 0.45 * room) + 8 if step.clock else 0.0
    canvas.text(TEXT, y + 1, _first(step.name, 13, room - clock), style="strong")
    late = "name s2 small" if step.state is StepState.LATE else "soft small num"
    canvas.text(canvas.head.width - 2, y + 1, _first(step.clock, 12, clock), anchor="end", style=late)
    canvas.text(TEXT, y + 18, _first(step.limit, 12, room), style="soft small")
    elapsed = drawable(step.elapsed)
    if elapsed is not None:
        share = min(max(elapsed, 0.0), 1.0)
        canvas.rect((TEXT, y + 25), (room, 3), "off", radius=1.5)
        canvas.rect(
            (TEXT, y + 25), (room * share, 3), "bar s2" if step.state is StepState.LATE else "bar s1", radius=1.5
        )


def _first(text: str, size: float, room: float) -> str:
    return next(iter(wrap(text, size, room, 1)), "")
