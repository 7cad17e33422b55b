"""Which kind of archive lies at a path, told by what it holds."""

from __future__ import annotations

from pathlib import Path

from adapters.archives import slack_export
from adapters.archives.discord.export import DiscordArchive
from adapters.archives.discord.files import find_discord_files
from adapters.archives.slack_files import EXPECTED
from bot.errors import NotAnArchive
from bot.ports import Archive

_OR_DISCORD = "or what DiscordChatExporter writes with `--format Json`: a file, or a folder or .zip of them"


def open_archive(path: Path, *, trusted_apps: frozenset[str] = frozenset(), relays: frozenset[str] = frozenset()) -> Archive:
    """Open an export of Slack or Discord. Raises NotAnArchive, which says what was expected.

    `trusted_apps` and `relays`: Slack's apps and Discord's webhooks through which people type.
    """
    files = find_discord_files(path)
    if files is not None:
        return DiscordArchive(files, relays=relays)
    try:
        return slack_export.open_archive(path, trusted_apps=trusted_apps)
    except NotAnArchive as error:
        says = str(error)
        raise NotAnArchive(f"{says}; {_OR_DISCORD}" if EXPECTED in says else says) from error
