"""`python -m tests.slack_sandbox.picture payload.json out.png`: a picture of a message or view, drawn with the page's own code.

`payload.json` holds `{"blocks": [...]}`, a view, or a list of blocks; `"names": {"U1": "Dana"}` names the people in it.
Needs chromium. Runs it without its sandbox only for root, where it would refuse to start otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.sandbox.pages import SHARED

PAGE = Path(__file__).parent / "page"
WIDTH = 720
"""Pixels: about as wide as Slack shows a message."""
TALLEST = 4000


def document(payload: object) -> str:
    """The page to photograph. Its title becomes the height of what is drawn."""
    whole = payload if isinstance(payload, dict) else {"blocks": payload}
    # "</" would end the script.
    data = json.dumps(whole).replace("</", "<\\/")
    files = (PAGE / "blocks.css", SHARED / "dom.js", PAGE / "blocks.js")
    style, dom, code = (path.read_text(encoding="utf-8") for path in files)
    return f"""<!doctype html><meta charset="utf-8"><style>{style}
body {{ padding: 18px 22px; width: {WIDTH}px; }} h2 {{ margin: 0 0 10px; }}</style><body><script>{dom}{code}
const payload = {data};
const context = {{ names: {{}}, channels: {{}}, groups: {{}}, form: payload.type === "modal", ...payload }};
if (payload.type === "modal") document.body.append(make("h2", "", payload.title.text));
document.body.append(blocksOf(payload.blocks, context));
document.title = String(Math.ceil(document.documentElement.getBoundingClientRect().height));
</script>"""


def chromium(*arguments: str) -> str:
    """Runs chromium without a window; gives what it prints. FileNotFoundError if there is none."""
    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        raise FileNotFoundError("a picture needs chromium, and there is none on the PATH")
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [found, "--headless", "--disable-gpu", "--hide-scrollbars", *root, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def draw(payload: object, target: Path) -> None:
    """Writes a PNG, twice as sharp as a screen's pixels and as tall as its content."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(document(payload), encoding="utf-8")
        dump = chromium("--dump-dom", f"--window-size={WIDTH},{TALLEST}", page.as_uri())
        height = re.search(r"<title>(\d+)</title>", dump)
        if height is None:
            raise RuntimeError("the page didn't draw; open it in a browser to see why")
        size = f"--window-size={WIDTH},{min(int(height[1]), TALLEST)}"
        chromium("--force-device-scale-factor=2", size, f"--screenshot={target.resolve()}", page.as_uri())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.slack_sandbox.picture", description=__doc__)
    parser.add_argument("payload", type=Path)
    parser.add_argument("picture", type=Path)
    asked = parser.parse_args()
    draw(json.loads(asked.payload.read_text(encoding="utf-8")), asked.picture)


if __name__ == "__main__":
    main()
