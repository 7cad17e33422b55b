"""What a typed line means in `realreply local`: somebody says or does something, time passes, or the town is asked about itself.

Pure: a line and what there is in, a value out. The same sentence is used for what can't be understood, with what is nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain import durations
from bot.domain.durations import Instant, Seconds
from bot.domain.emoji import CHARACTERS, VARIANTS, canonical
from bot.domain.events import Says
from bot.domain.refusal import Moment, Refusal, quoted

LONGEST = 4000
"""Characters of a line: what the real platforms take, too."""

FURTHEST: Seconds = 100 * durations.DAY
"""Time that passes at once at most."""

LONGEST_NAME = 20

WORDS = ("help", "team", "who", "quit", "exit", "new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Somebody writes: in a channel (None: where they are, or #help), or below the message `thread`."""

    who: str
    text: str
    channel: str | None = None
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Somebody changes message `number`; without a text it is deleted."""

    who: str
    number: int
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Somebody is typing: in a channel (None: where they are, or #help), or below the message `thread`."""

    who: str
    channel: str | None = None
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Somebody comes into a channel (None: where they are, or #help); `left`: leaves it."""

    who: str
    channel: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """Somebody puts a reaction on message `number`, or takes it back."""

    who: str
    emoji: str
    number: int
    added: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody uses a command."""

    who: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Somebody says of message `number` that its customer is waiting, or that it needs no reply."""

    who: str
    number: int
    says: Says


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOwn:
    """Somebody asks whether message `number`, which they wrote, is personal."""

    who: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDirect:
    """Somebody reports a direct message that they got: from whom (a person here, or an app by its name), `through` which app it
    came in a person's name ("" for none), and what it said."""

    who: str
    sender: str
    text: str
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Somebody fills in the form they opened last."""

    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Somebody looks at their own list."""

    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Somebody presses button `button` below the post `ref` (None: the last they saw)."""

    who: str
    button: int
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Time passes until then."""

    until: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    """A new customer."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The town is asked about itself: "help", "team", "who", "quit", or "" for a line that says nothing."""

    at: str


Typed = Say | Type | Join | Edit | React | Ask | Correct | CheckOwn | ReportDirect | Fill | Home | Press | Pass | Arrive | Look

_NUMBER = r"#?(\d{1,6})"
_SAY = re.compile(rf"\s*(?:#([\w-]+))?\s*(?:>\s*{_NUMBER})?\s*:(.*)", re.DOTALL)
_EMOJI = "|".join(map(re.escape, CHARACTERS.values()))
_VARIANT = f"[{''.join(map(chr, VARIANTS))}]"
_REACT = re.compile(rf"(-?)(:[A-Za-z0-9_+-]{{1,40}}(?:::skin-tone-\d)?:|(?:{_EMOJI}){_VARIANT}{{0,2}})\s*{_NUMBER}")
_TYPE = re.compile(rf"types(?:\s+#([\w-]+)|\s*>\s*{_NUMBER})?", re.IGNORECASE)
_JOIN = re.compile(r"(joins|leaves)(?:\s+#([\w-]+))?", re.IGNORECASE)
_EDIT = re.compile(rf"edit\s+{_NUMBER}\s*:(.*)", re.IGNORECASE | re.DOTALL)
_DELETE = re.compile(rf"delete\s+{_NUMBER}", re.IGNORECASE)
_CORRECT = re.compile(rf"(waits|needless)\s+{_NUMBER}", re.IGNORECASE)
_CHECK = re.compile(rf"check\s+{_NUMBER}", re.IGNORECASE)
_REPORT = re.compile(r"reports\s+([^\W_][\w-]*)(?:\s+through\s+([^\W_][\w-]*))?\s*:(.*)", re.IGNORECASE | re.DOTALL)
_FILL = re.compile(r"fill\s*:(.*)", re.IGNORECASE | re.DOTALL)
_DIRECT = re.compile(r"@realreply\b[:,]?(.*)", re.IGNORECASE | re.DOTALL)
_PRESS = re.compile(r"!\s*(?:([ab]\d{1,6})\.)?(\d{1,3})", re.IGNORECASE)
_NAME = re.compile(r"[^\W_][\w-]*")

_SAMPLE = ("dana: where is my boat?", "ana > 1: it leaves tonight", "+30m", "help")


def understand(
    line: str, *, people: Collection[str], now: Instant, read_when: Callable[[str, Instant], Moment | Refusal]
) -> Typed | Refusal:
    """What a line means. `people` are the ids of who lives here, in small letters; never raises."""
    text = line.strip()
    if len(text) > LONGEST:
        return Refusal(says=f"That is longer than a message can be here ({LONGEST:,} characters).")
    if not text or text.startswith("# "):
        return Look(at="")
    if text.startswith("+"):
        return _span(text[1:].strip(), now)
    who, rest = _person(text, people)
    if who is not None:
        return _deed(who, rest)
    first, *more = text.casefold().split()
    if first in WORDS:
        return _word(first, more, text, people)
    return _stranger(text, people, now, read_when)


def _person(text: str, people: Collection[str]) -> tuple[str | None, str]:
    """(who the line begins with, what comes after the name): (None, "") when it begins with nobody."""
    found = _NAME.match(text)
    if found is None or found[0].casefold() not in people:
        return None, ""
    return found[0].casefold(), text[found.end() :]


def _deed(who: str, rest: str) -> Typed | Refusal:
    """What somebody does; `rest` begins right after the name."""
    trimmed = rest.strip()
    react = _REACT.fullmatch(trimmed) if rest[:1] != ":" else None
    if react is not None:
        return React(who=who, emoji=canonical(react[2]), number=int(react[3]), added=not react[1])
    said = _SAY.fullmatch(rest)
    if said is not None:
        if not said[3].strip():
            return Refusal(says="A message needs some words after the colon.", tries=(f"{who}: hello?",))
        number = None if said[2] is None else int(said[2])
        return Say(who=who, text=said[3].strip(), channel=said[1], thread=number)
    if trimmed.startswith("/"):
        return Ask(who=who, command=trimmed[1:].strip())
    if direct := _DIRECT.fullmatch(trimmed):
        return Ask(who=who, command=direct[1].strip())
    press = _PRESS.fullmatch(trimmed)
    if press is not None:
        return Press(who=who, button=int(press[2]), ref=press[1].casefold() if press[1] else None)
    types = _TYPE.fullmatch(trimmed)
    if types is not None:
        return Type(who=who, channel=types[1], thread=int(types[2]) if types[2] else None)
    join = _JOIN.fullmatch(trimmed)
    if join is not None:
        return Join(who=who, channel=join[2], left=join[1].casefold() == "leaves")
    edit = _EDIT.fullmatch(trimmed)
    if edit is not None and edit[2].strip():
        return Edit(who=who, number=int(edit[1]), text=edit[2].strip())
    correct = _CORRECT.fullmatch(trimmed)
    if correct is not None:
        return Correct(who=who, number=int(correct[2]), says="waits" if correct[1].casefold() == "waits" else "needs_none")
    check = _CHECK.fullmatch(trimmed)
    if check is not None:
        return CheckOwn(who=who, number=int(check[1]))
    report = _REPORT.fullmatch(trimmed)
    if report is not None:
        return _reported(who, report[1], report[2] or "", report[3].strip())
    fill = _FILL.fullmatch(trimmed)
    if fill is not None:
        return Fill(who=who, text=fill[1].strip())
    if trimmed.casefold() == "home":
        return Home(who=who)
    delete = _DELETE.fullmatch(trimmed)
    if delete is not None:
        return Edit(who=who, number=int(delete[1]), text=None)
    return Refusal(
        says="This isn't understood. After a name comes a colon and what they say, or one of these:",
        tries=(
            f"{who}: hello?",
            f"{who} > 1: yes",
            f"{who} types",
            f"{who} joins #help",
            f"{who} :eyes: 1",
            f"{who} edit 1: new words",
            f"{who} delete 1",
            f"{who} waits 1",
            f"{who} check 2",
            f"{who} reports ana: welcome!",
            f"{who} /help",
            f"{who} !1",
        ),
    )


def _reported(who: str, sender: str, through: str, text: str) -> Typed | Refusal:
    if max(len(sender), len(through)) > LONGEST_NAME:
        return Refusal(says=f"A name is one word of letters, up to {LONGEST_NAME}.", tries=(f"{who} reports Greeter: welcome!",))
    if not text:
        says = "What did the direct message say? It comes after a colon."
        return Refusal(says=says, tries=(f"{who} reports {sender}: welcome!",))
    return ReportDirect(who=who, sender=sender, text=text, through=through)


def _word(first: str, more: list[str], text: str, people: Collection[str]) -> Typed | Refusal:
    if first == "new":
        return _newcomer(more, text, people)
    if more:
        return Refusal(
            says=f"{first} stands alone here. If somebody is to say it, begin with their name.",
            tries=(f"dana: {text[:40]}", first),
        )
    return Look(at="quit" if first == "exit" else first)


def _newcomer(more: list[str], text: str, people: Collection[str]) -> Typed | Refusal:
    if len(more) != 2 or more[0] != "customer":
        return Refusal(says="Only customers come to this town, one at a time, by one name.", tries=("new customer Kira",))
    name = text.split()[2]
    if _NAME.fullmatch(name) is None or len(name) > LONGEST_NAME or name.isdigit():
        return Refusal(says=f"A name is one word of letters, up to {LONGEST_NAME}.", tries=("new customer Kira",))
    if name.casefold() in people or name.casefold() in WORDS:
        return Refusal(says=f"{name} is taken.", tries=("who",))
    return Arrive(name=name)


def _span(text: str, now: Instant) -> Typed | Refusal:
    try:
        passed = durations.parse(text)
    except ValueError as error:
        return Refusal(says=f"+{error}.", tries=("+30m", "+2h", "+1d"))
    return _until(now + passed, now)


def _until(at: Instant, now: Instant) -> Typed | Refusal:
    if at > now + FURTHEST:
        return Refusal(says=f"That is too far for one go: {durations.say(FURTHEST)} at most.", tries=("+1d", "tomorrow 9:00"))
    return Pass(until=at)


def _stranger(
    text: str, people: Collection[str], now: Instant, read_when: Callable[[str, Instant], Moment | Refusal]
) -> Typed | Refusal:
    """A line that begins with nobody who lives here: a time to go to, or a mistake."""
    moment = read_when(text, now) if any(letter.isdigit() or letter.isalpha() for letter in text) else None
    if isinstance(moment, Moment):
        return _until(moment.at, now)
    name = _NAME.match(text)
    if name is None:
        return Refusal(says="A line begins with a name, or says how much time passes.", tries=_SAMPLE)
    near = get_close_matches(name[0].casefold()[:LONGEST_NAME], [*people, *WORDS], n=1, cutoff=0.6)
    if near and near[0] in people:
        return Refusal(says=f"There is no {quoted(name[0])} here. Did you mean {near[0]}?", tries=(f"{near[0]}: hello?", "who"))
    if near:
        return Refusal(says=f"There is no {quoted(name[0])} here. Did you mean {near[0]}?", tries=(near[0],))
    if isinstance(moment, Refusal) and name[0][0].isdigit():
        return moment
    return Refusal(
        says=f"There is no {quoted(name[0])} here, and it isn't a time either.",
        tries=("who", f"new customer {name[0][:LONGEST_NAME]}", "+30m", "help"),
    )


def nearest(name: str, known: Mapping[str, object]) -> str:
    """A hint at what may have been meant, as the end of a sentence: " Did you mean help?", or "" when nothing is near."""
    near = get_close_matches(name.casefold(), list(known), n=1, cutoff=0.5)
    return f" Did you mean #{near[0]}?" if near else ""
