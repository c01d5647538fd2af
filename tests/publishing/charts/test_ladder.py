from consilience.publishing.charts import Head, Ladder, Step, StepState, ladder_chart

HEAD = Head("l", "Ladder", "The reply is late.")


def test_every_state_has_its_own_shape_and_its_words(read):
    drawings = {
        state: ladder_chart(Ladder(HEAD, (Step("Reply", "60 days", f"clock {state}", state, 0.5),)))
        for state in StepState
    }
    shapes = {
        "".join(part for part in svg.split('"') if part.startswith(("dot", "ring", "line")))
        for svg in drawings.values()
    }
    assert len(shapes) == len(StepState)
    for state, svg in drawings.items():
        assert f"clock {state}" in read(svg).words


def test_a_clock_that_ran_over_fills_its_bar_and_no_more(read):
    svg = ladder_chart(Ladder(HEAD, (Step("Reply", "60 days", "late", StepState.LATE, 7.5),)))
    ground, bar = (box for box in read(svg).boxes if box.kind == "rect")
    assert (ground.left, ground.right) == (bar.left, bar.right)
