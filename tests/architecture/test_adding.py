"""docs/adding.md names files that are there."""

from __future__ import annotations

import re

from tests.architecture.test_imports import ROOT

TEXT = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
THINGS = ("verb", "setting", "reaction", "hold", "language", "platform", "store")


def sections() -> dict[str, str]:
    """The page's sections by their headings."""
    _, *parts = re.split(r"^## ", TEXT, flags=re.MULTILINE)
    return {part.partition("\n")[0]: part for part in parts}


def named(text: str) -> list[str]:
    """The files and folders that a text names in code type."""
    return re.findall(r"`((?:bot|adapters|storage|tests|docs)/[^`\s]*|config\.example\.toml)`", text)


def test_every_file_it_names_is_there() -> None:
    paths = [path for path in named(TEXT) if "<" not in path]
    assert len(paths) > 25
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_folder_of_what_is_to_be_made_is_there() -> None:
    made = [path for path in named(TEXT) if "<" in path]
    assert made
    assert [path for path in made if not (ROOT / path.partition("<")[0]).parent.exists()] == []


def test_each_thing_has_its_section_with_the_files_it_touches() -> None:
    for thing in THINGS:
        (found,) = [part for heading, part in sections().items() if re.match(rf"An? {thing}\b", heading)]
        assert named(found), thing
