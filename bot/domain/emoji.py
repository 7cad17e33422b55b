"""One spelling of an emoji for all platforms and the settings: the short name Slack has for it, without colons and skin tone."""

from __future__ import annotations

from typing import Final

CHARACTERS: Final = {
    "+1": "👍",
    "-1": "👎",
    "100": "💯",
    "alarm_clock": "⏰",
    "arrows_counterclockwise": "🔄",
    "ballot_box_with_check": "☑",
    "bell": "🔔",
    "bug": "🐛",
    "bulb": "💡",
    "calendar": "📆",
    "checkered_flag": "🏁",
    "clap": "👏",
    "construction": "🚧",
    "date": "📅",
    "email": "📧",
    "envelope": "✉",
    "exclamation": "❗",
    "eyes": "👀",
    "fire": "🔥",
    "hammer": "🔨",
    "hammer_and_wrench": "🛠",
    "heart": "❤",
    "heavy_check_mark": "✔",
    "heavy_plus_sign": "➕",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "inbox_tray": "📥",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "lock": "🔒",
    "mag": "🔍",
    "mag_right": "🔎",
    "memo": "📝",
    "muscle": "💪",
    "no_entry": "⛔",
    "no_entry_sign": "🚫",
    "o": "⭕",
    "ok": "🆗",
    "ok_hand": "👌",
    "phone": "☎",
    "point_up": "☝",
    "pray": "🙏",
    "pushpin": "📌",
    "question": "❓",
    "raised_hand": "✋",
    "raised_hands": "🙌",
    "raising_hand": "🙋",
    "red_circle": "🔴",
    "rocket": "🚀",
    "runner": "🏃",
    "saluting_face": "🫡",
    "smile": "😄",
    "sparkles": "✨",
    "speech_balloon": "💬",
    "star": "⭐",
    "tada": "🎉",
    "thinking_face": "🤔",
    "ticket": "🎫",
    "warning": "⚠",
    "wave": "👋",
    "white_check_mark": "✅",
    "wrench": "🔧",
    "writing_hand": "✍",
    "x": "❌",
    "zzz": "💤",
}
"""The common ones in both spellings; characters without the selector that may follow them (see `VARIANTS`)."""

_NAMES: Final = {character: name for name, character in CHARACTERS.items()}

_SECOND_NAMES: Final = {"hand": "raised_hand", "running": "runner", "thumbsdown": "-1", "thumbsup": "+1"}
"""Names that Slack knows besides. No workspace can give them to an emoji of its own."""

VARIANTS: Final = dict.fromkeys((0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
"""Code points after an emoji that ask for its look as text or picture, and its five skin tones
(https://www.unicode.org/reports/tr51/#Emoji_Variation_Sequences)."""


def canonical(spelt: str) -> str:
    """The neutral spelling: "eyes" for "eyes", ":eyes:" and "👀", "wave" for "wave::skin-tone-3" and "👋🏽".

    What isn't known (a workspace's own emoji, a rare character) stays as it is, without colons and skin tone.
    """
    bare = spelt.translate(VARIANTS).strip(":")
    if not bare:  # a skin tone alone is an emoji, too
        return spelt.strip(":")
    name = bare.partition("::")[0]
    return _NAMES.get(name) or _SECOND_NAMES.get(name, name)
