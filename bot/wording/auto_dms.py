"""Reports of auto-DMs in words: the form, what is said to who reports, and the sums that leads see.

Who reports may be a customer: none of it says anything about the sender, the team or anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.auto_dms import MOST_OF_ONE, AutoDmSort
from bot.domain.refusal import Refusal
from bot.domain.views import (
    Bold,
    CommandText,
    Fields,
    Form,
    Heading,
    Input,
    Node,
    Plain,
    SmallPrint,
    Spans,
    Text,
    View,
)
from bot.wording.phrases import count

VERB = "auto-dm"
"""What the form of a report comes back as; its argument is the fingerprint of the message."""

SORT = "sort"
"""The form's one input."""

SORTS: dict[AutoDmSort, str] = {
    AutoDmSort.WELCOME: "A welcome message",
    AutoDmSort.PITCH: "A sales pitch",
    AutoDmSort.SUPPORT: "A canned support line",
    AutoDmSort.OTHER: "Something else",
}

_IN_SUMS: dict[AutoDmSort, str] = {
    AutoDmSort.WELCOME: "welcome",
    AutoDmSort.PITCH: "sales pitch",
    AutoDmSort.SUPPORT: "canned support line",
    AutoDmSort.OTHER: "something else",
}

NOT_DIRECT = "This is for direct messages that nobody seems to have typed: use it on one of those."

OWN = "That message is your own, so there is nothing to report."

OURS = "That one is from me, the bot: I write only to members of the team who asked for it, and “dm off” ends it."

GONE = "This form isn't open any more. Please use “Report an auto-DM” on the message again."

ALREADY = "You have reported this message already; it counts once. Thank you."

FULL = f"Thank you. That is more than {MOST_OF_ONE} within a day, which is all I take from one person, so this one isn't kept."

FULL_FOR_ALL = "Thank you. More was reported within a day than I can take, so this one isn't kept."

TROUBLE = "Something went wrong on my side, and this wasn't kept. Please try again in a moment."

OFF = Refusal(says="Reports of auto-DMs are switched off here ([reports] auto_dms in the settings).")

THANKS = "Thank you for reporting it."

NOT_A_SORT = "That is none of the choices. It may also stay empty."


def report_form(message: str) -> Form:
    """The form in which an auto-DM is reported: what it was, if they like to say so, and what is kept of it."""
    asked = Input(
        name=SORT,
        label="What was it?",
        kind="option",
        options=tuple((label, sort.value) for sort, label in SORTS.items()),
        hint="I keep who sent it, when, and a fingerprint of its words. Not the words, and not who you are.",
        required=False,
    )
    return Form("Report an auto-DM", VERB, message, (asked,))


def thanks(sort: AutoDmSort, *, member: bool) -> View:
    """What somebody is told whose report is kept; a member also what becomes of it."""
    as_what = f" As: {SORTS[sort][0].lower()}{SORTS[sort][1:]}." if sort in SORTS else ""
    nodes: list[Node] = [Text((Plain(THANKS + as_what),))]
    if member:
        nodes.append(
            SmallPrint(
                (
                    Plain(
                        "Leads see how many came through which app, without names. A teammate in whose name they came is told "
                        "some days later, alone, if an app's mark or a second person says so too. Nobody learns that it was you."
                    ),
                )
            )
        )
    return View(nodes=tuple(nodes), fallback=THANKS)


def told(says: str) -> View:
    """One sentence to who reports."""
    return View(nodes=(Text((Plain(says),)),), fallback=says)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoDmSource:
    """What was reported of one app: its name and id, on which platform, how many messages, what they were said to be, and how
    many of them say nearly the same. `app` "": what came without the mark of an app, in whosever name."""

    app: str
    app_name: str
    platform: str
    messages: int
    sorts: tuple[tuple[AutoDmSort, int], ...] = ()
    alike: int = 0


def auto_dm_sums(sources: tuple[AutoDmSource, ...], *, days: int) -> View:
    """What was reported, by app, for leads: sums, and no person."""
    head = f"Auto-DMs that were reported, last {count(days, 'day')}"
    if not sources:
        nothing = f"No auto-DM was reported in the last {count(days, 'day')}."
        return View(nodes=(Text((Plain(nothing),)), SmallPrint(_how())), fallback=nothing)
    rows = tuple((_called(source), (Plain(_sums(source)),)) for source in sources)
    note: Spans = (
        Plain("Sums by app; I keep neither the words nor who reported them, and name no member. What came in your own name "),
        Plain("isn't in them: of that you alone are told, some days later. "),
        *_how(),
    )
    total = sum(source.messages for source in sources)
    return View(nodes=(Heading(head), Fields(rows), SmallPrint(note)), fallback=f"{head}: {total}")


def _called(source: AutoDmSource) -> str:
    if not source.app:
        return "without the mark of an app"
    named = source.app_name
    return named or source.app if named.casefold() in ("", source.app.casefold()) else f"{named} ({source.app})"


def _sums(source: AutoDmSource) -> str:
    said = [f"{_IN_SUMS[sort]} {number}" for sort, number in source.sorts if sort in _IN_SUMS]
    alike = [f"{source.alike} in nearly the same words"] if source.alike > 1 else []
    return ", ".join([count(source.messages, "message"), *said, *alike])


def _how() -> Spans:
    return (
        Plain("They are reported on the message itself: "),
        Bold("Report an auto-DM"),
        Plain(". "),
        CommandText("auto-dms"),
        Plain(" shows this again."),
    )
