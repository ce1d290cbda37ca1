"""Draws the addon's icon: a calendar sheet, and two arrows that pass each other (`./dev run
python -m scripts.icon`). Only needed when the icon shall look different."""

import math

from PIL import Image, ImageDraw

from scripts.ground import places

SIDE = 128
FINE = 8  # drawn this much larger, then made smaller: smooth edges
GROUND, SHEET, HEAD, RING = "#f4f1f6", "#ffffff", "#71639e", "#4a3f6b"
OUT, BACK = "#71639e", "#2a9d8f"
TARGET = places.ADDON / "static" / "description" / "icon.png"


def draw() -> Image.Image:
    """The icon at its final size."""
    image = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    _box(pen, (2, 2, 126, 126), 26, GROUND)
    _box(pen, (22, 26, 106, 108), 12, SHEET, "#d9d2e3")
    _box(pen, (22, 26, 106, 50), 12, HEAD)
    pen.rectangle(_scaled((22, 40, 106, 50)), fill=HEAD)
    for x in (44, 84):
        _box(pen, (x - 4, 18, x + 4, 36), 4, RING)
    _arc_arrow(pen, 200, 345, OUT)
    _arc_arrow(pen, 20, 165, BACK)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _arc_arrow(pen, start, stop, colour):
    """A part of a ring around the sheet's middle, with a head at its end (degrees, clockwise)."""
    x, y, radius, width = 64, 79, 19, 6.5
    box = (x - radius, y - radius, x + radius, y + radius)
    pen.arc(_scaled(box), start, stop - 14, fill=colour, width=round(width * FINE))
    ring = radius - width / 2
    tip, left, right = (
        _on_ring(x, y, ring + away, stop + ahead)
        for away, ahead in ((0, 18), (-8.5, -20), (8.5, -20))
    )
    pen.polygon([tuple(v * FINE for v in point) for point in (tip, left, right)], fill=colour)


def _on_ring(x, y, radius, degrees):
    angle = math.radians(degrees)
    return x + radius * math.cos(angle), y + radius * math.sin(angle)


def _box(pen, box, radius, fill, outline=None):
    pen.rounded_rectangle(_scaled(box), radius * FINE, fill, outline, width=FINE)


def _scaled(box):
    return tuple(value * FINE for value in box)


if __name__ == "__main__":
    draw().save(TARGET, optimize=True)
    print(TARGET)
