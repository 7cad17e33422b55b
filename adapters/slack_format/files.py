"""The files of a message: how many there are, and what is said in recordings, as far as Slack has written it down.

Voice messages and clips are files (subtype `slack_audio`, `slack_video`); recordings that were uploaded have no subtype but the
same player and transcript. Slack transcribes them after they were posted: `transcription` holds a `status` ("processing",
"complete", "failed", "none") and, once complete, a `preview`, which may be no more than the beginning.
"""

from __future__ import annotations

from collections.abc import Iterator

_GONE = frozenset({"tombstone", "hidden_by_limit"})

_RECORDED = frozenset({"slack_audio", "slack_video"})


def count_files(record: dict[str, object]) -> int:
    """How many files a message carries; deleted ones don't count."""
    files = record.get("files")
    if files is None:
        return 1 if isinstance(record.get("file"), dict) else 0
    return sum(1 for _ in _there(files))


def spoken(record: dict[str, object]) -> str:
    """What is said in a message's recordings, as plain text; "" where none is, or Slack hasn't written it down."""
    return "\n".join(said for file in _there(record.get("files")) if (said := _transcript(file)))


def is_unheard(record: dict[str, object]) -> bool:
    """Whether a message carries a recording of which Slack hasn't written down what is said."""
    return any(_is_recording(file) and not _transcript(file) for file in _there(record.get("files")))


def _there(files: object) -> Iterator[dict[str, object]]:
    if isinstance(files, list):
        yield from (file for file in files if isinstance(file, dict) and not _is_gone(file))


def _is_gone(file: dict[str, object]) -> bool:
    mode = file.get("mode")
    return isinstance(mode, str) and mode in _GONE


def _is_recording(file: dict[str, object]) -> bool:
    subtype, display, mimetype = file.get("subtype"), file.get("media_display_type"), file.get("mimetype")
    if isinstance(subtype, str) and subtype in _RECORDED:
        return True
    if isinstance(mimetype, str) and mimetype.startswith(("audio/", "video/")):
        return True
    return isinstance(display, str) and display in ("audio", "video")


def _transcript(file: dict[str, object]) -> str:
    transcription = file.get("transcription")
    if not isinstance(transcription, dict) or transcription.get("status", "complete") != "complete":
        return ""
    preview = transcription.get("preview")
    content = preview.get("content") if isinstance(preview, dict) else None
    return content.strip() if isinstance(content, str) else ""
