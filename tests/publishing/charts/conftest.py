"""What the tests of all charts share: a reader of drawings that knows where everything stands."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lxml import etree

from consilience.publishing.charts.words import text_width

NS = "{http://www.w3.org/2000/svg}"
SIZES = {"tiny": 10, "small": 12, "head": 16}


@dataclass(frozen=True)
class Box:
    kind: str
    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        return min(self.right, other.right) - max(self.left, other.left) > 1 and (
            min(self.bottom, other.bottom) - max(self.top, other.top) > 1
        )


class Drawing:
    def __init__(self, svg: str) -> None:
        self.root = etree.fromstring(svg.encode())
        self.left, self.top, self.width, self.height = map(float, self.root.get("viewBox").split())
        self.boxes = list(self._boxes())

    @property
    def texts(self) -> list[Box]:
        return [box for box in self.boxes if box.kind == "text"]

    @property
    def words(self) -> list[str]:
        return [box.text for box in self.texts]

    def outside(self, tolerance: float = 1.5) -> list[Box]:
        return [
            box
            for box in self.boxes
            if box.left < -tolerance
            or box.top < -tolerance
            or box.right > self.width + tolerance
            or box.bottom > self.height + tolerance
        ]

    def overlapping_texts(self) -> list[tuple[str, str]]:
        texts = self.texts
        return [(a.text, b.text) for i, a in enumerate(texts) for b in texts[i + 1 :] if a.covers(b)]

    def _boxes(self) -> Iterator[Box]:
        for element in self.root.iter(f"{NS}rect", f"{NS}circle", f"{NS}line", f"{NS}path", f"{NS}text"):
            yield getattr(self, f"_{element.tag.removeprefix(NS)}")(element)

    def _numbers(self, element, *names: str) -> list[float]:
        found = [float(element.get(name, "0")) for name in names]
        assert all(map(math.isfinite, found))
        return found

    def _rect(self, element) -> Box:
        x, y, width, height = self._numbers(element, "x", "y", "width", "height")
        assert width >= 0
        assert height >= 0
        return Box("rect", "", x, y, x + width, y + height)

    def _circle(self, element) -> Box:
        x, y, r = self._numbers(element, "cx", "cy", "r")
        return Box("circle", "", x - r, y - r, x + r, y + r)

    def _line(self, element) -> Box:
        x1, y1, x2, y2 = self._numbers(element, "x1", "y1", "x2", "y2")
        return Box("line", "", min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def _path(self, element) -> Box:
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", element.get("d"))]
        assert re.fullmatch(r"M[-\d. L]+Z?", element.get("d"))
        return Box("path", "", min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))

    def _text(self, element) -> Box:
        text = "".join(element.itertext())
        size = next((SIZES[name] for name in element.get("class", "").split() if name in SIZES), 13)
        width, (x, y) = text_width(text, size), self._numbers(element, "x", "y")
        anchor = element.get("text-anchor", "start")
        if element.get("direction") == "rtl":
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        return Box("text", text, left, y - size * 0.75, left + width, y + size * 0.2)


@pytest.fixture(scope="session")
def read():
    return Drawing
