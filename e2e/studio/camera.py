"""The camera: waits until a page is still, photographs it at a fixed size, keeps the file small."""

import io
from pathlib import Path

from PIL import Image

DESK = (1280, 800)
PHONE = (390, 844)
COLOURS = 256
STILL = """() => {
    const busy = document.querySelector(".o_loading_indicator, .o_blockUI");
    const images = [...document.images].every((image) => image.complete);
    return !busy && images && document.fonts.status === "loaded";
}"""


class Camera:
    """Photographs into `folder`. `taken` is what was photographed, in order."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.taken: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(self, page, name, size=DESK, keep_toasts=False, point=True):
        """One picture `name`.png of what the page shows at `size`; the page's own size stays.

        `point=False` leaves the mouse where it is, for menus that vanish without it.
        """
        before = page.viewport_size
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if not keep_toasts:
            close_toasts(page)
        if point:
            page.mouse.move(size[0] - 2, size[1] - 2)
        page.wait_for_timeout(350)
        page.wait_for_function(STILL, timeout=15000)
        self._keep(name, page.screenshot(animations="disabled", caret="hide", scale="css"))
        page.set_viewport_size(before)

    def both(self, page, name, **options):
        """The same moment on the desk and on the phone. Load the page anew afterwards: Odoo's bar
        does not find its way back from the phone's size."""
        self.shoot(page, name, **options)
        self.shoot(page, f"{name}-phone", PHONE, **options)

    def _keep(self, name, png):
        """Write it with a palette: a third of the size, and nobody sees the difference."""
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)
        self.taken.append(name)
        print(f"  {name}", flush=True)


def close_toasts(page):
    """Wave away notifications of earlier steps."""
    for toast in page.query_selector_all(".o_notification_close"):
        if toast.is_visible():
            toast.click()
