"""Takes the pictures of the map that the README shows: ``python docs/pictures.py``, with Chromium on the machine."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import graphkit
import loaders
from graphkit.cli.demo import EXAMPLE_DAY, MADE_UP
from graphkit.questions.asked import list_questions
from graphkit.words import Lang

ROOT = Path(__file__).parents[1]
PICTURES: tuple[tuple[Lang, str], ...] = (("en", "map.png"), ("zh", "map.zh.png"))
SIZE = {"width": 1440, "height": 900}
COLOURS = 128  # as many as the map needs; a third of the bytes


def write_maps(folder: Path, day: dt.date = EXAMPLE_DAY) -> list[Path]:
    """Write the map of the example in both languages."""
    tables = loaders.load_folder(ROOT / "examples" / "acheng")
    findings = [question.ask(tables, as_of=day) for question in list_questions() if question.on_pages]
    return [graphkit.write_map(tables, findings, folder / f"{name}.html", lang=lang, note=MADE_UP) for lang, name in PICTURES]


def take_pictures() -> list[Path]:
    """Photograph the maps as they open."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pictures = []
        for page_path, (_, name) in zip(write_maps(Path(place)), PICTURES, strict=True):
            page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
            page.goto(page_path.as_uri())
            page.wait_for_timeout(2_000)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            picture.save(ROOT / "docs" / "images" / name, optimize=True)
            pictures.append(ROOT / "docs" / "images" / name)
        browser.close()
    return pictures


if __name__ == "__main__":
    for file in take_pictures():
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
