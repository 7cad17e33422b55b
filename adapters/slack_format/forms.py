"""What somebody filled into a workflow's form: a workflow posts it, and the words are theirs.

Any app can write "submission from <@U123>". Slack's own workflows alone are told by `is_workflow_bot` (docs.slack.dev,
/reference/objects/user-object; a post's `bot_profile` carries it, too).
"""

from __future__ import annotations

import re
from itertools import islice

from adapters.slack_format.people import People
from adapters.slack_format.text import identifier, written

_USUAL = re.compile(r"submission\*?\s+from\s+<@([A-Z0-9]+)(?:\|[^<>]*)?>", re.IGNORECASE)
"""How a workflow words it unless its maker changed that."""

_NAMED = re.compile(r"<@([A-Z0-9]{1,80})(?:\|[^<>\n]*)?>")

_MARKUP = re.compile(r"[*_~`>•]+")

_ANSWERED = re.compile(
    r"^(?:([*_])[^*_\n]{1,300}\1[:?]?|[^\n]{1,300}[:?][*_]?)[ \t]*\n\s*[^\s*_]"  # a question, the answer below it
    r"|^[*_]?[^\s:?*_<][^:?\n<]{0,80}[:?][*_]?[ \t]+\S",  # ... or beside it
    re.MULTILINE,
)
"""A question of the form and its answer."""

_ASKS = re.compile(
    r"(?:\b(?:from|by|von|durch|par|por|da|di|de)"
    r"|\b(?:who|requester|requestor|requesting|submitter|submitted|submission|reporter|reported|reporting|asker|asks|asked|asking"
    r"|author|sender|sent|opened|raised|created|filed|contact|name|user|person|you are)\b[^.!\n]{0,30})\W*$"
)
"""What stands before whoever filled in a form."""

_DOES = re.compile(
    r"\W*(?:(?:has|have|had|just|is|would|also)\s+)*(?:an?\s+(?:\w+\s+)?)?(?:needs?|asks?|asked|asking|wants?|requests?|requested"
    r"|requesting|reports?|reported|reporting|submit\w*|writes?|wrote|says?|said|like|filled|raised|opened|sent|created|question"
    r"|request|problem|issue)\b"
)
"""What stands behind them: "<@U1> needs help"."""

_ABOUT = re.compile(
    r"\b(?:for|about|regarding|concerning|to|cc|which|behalf|assignee|owner|manager|responsible|approver)\b"
    r"|\b(?:approved|assigned|handled|reviewed|closed|resolved|solved|answered|owned|done|taken|managed|escalated)\s+by\b"
)
"""What stands before somebody whom a form is about, or who is to deal with it."""

_WELCOMES = re.compile(r"\b(?:welcome|congrat\w*|bienvenid\w+|bienvenue|willkommen|benvenut\w+|bem-vind\w+)\b")
_GREETS = re.compile(
    r"\b(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)|hola|bonjour|hallo|guten (?:tag|morgen|abend)|ciao"
    r"|olá)\b[^.?\n]*$"
)
_GREETED = re.compile(r"\W*(?:(?:has|have|just|is|and)\s+)*(?:joined|join|welcome|new here)\b")

_OURS = re.compile(r"\b(?:i|me|my|we|us|our)\b")
_YOURS = re.compile(r"\byou(?:r|rs)?\b")

_MOST_NAMED = 20
"""People named in a post that are looked at."""

_MOST_WORDS = 8
"""Of a line that says who somebody is; more are somebody's own words."""


def submitters(text: str, *, workflow: bool | None) -> tuple[str, ...]:
    """Who may have filled in the form that an app's post holds, likeliest first; nobody where it holds none. `workflow`: whether
    Slack says that a workflow posted it, None when that isn't known: then only the usual wording shows a form.

    A workflow's maker may word it at will. It names who filled it in as such ("Requester: <@U1>", "<@U1> needs help"), or else
    among the answers; whom it greets, whom it is about and who is to deal with it didn't."""
    if workflow is False:
        return ()
    usual = _USUAL.search(text)
    if usual is not None:
        return (usual[1],)
    if not workflow:
        return ()
    others: dict[str, None] = {}
    for named in islice(_NAMED.finditer(text), _MOST_NAMED):
        line = _said(text[text.rfind("\n", 0, named.start()) + 1 : named.start()])
        before = line or _said(text[: named.start()].rstrip(" \t\n*_~`>•-").rpartition("\n")[2])
        after = text[named.end() :].partition("\n")[0].lower()
        own_words = len(before.split()) > _MOST_WORDS or _OURS.search(before) is not None
        is_another = any(sign.search(before) for sign in (_ABOUT, _WELCOMES))
        if (not (own_words or is_another) and _ASKS.search(before)) or (not line and _DOES.match(after)):
            return (named[1],)
        if not (is_another or _GREETS.search(line) or _GREETED.match(after)):
            others[named[1]] = None
    return tuple(others) if _ANSWERED.search(text) or _speaks(text) else ()


def _said(text: str) -> str:
    return _MARKUP.sub("", text).strip(" \t-").lower()


def _speaks(text: str) -> bool:
    """Whether a post is "<@U1>: " and their own words, not words to them."""
    named = _NAMED.match(text)
    said = "" if named is None else text[named.end() :].lower()
    return said.startswith(":") and (_OURS.search(said) is not None or _YOURS.search(said) is None)


def is_workflow(record: dict[str, object], people: People) -> bool | None:
    """Whether a workflow made an app's post; None when neither it nor the people known say so."""
    profile = record.get("bot_profile")
    told = profile.get("is_workflow_bot") if isinstance(profile, dict) else None
    if isinstance(told, bool):
        return told
    for id in (record.get("user"), record.get("bot_id")):
        known = people.is_workflow(identifier(id))
        if known is not None:
            return known
    return None


def bot_in_question(record: dict[str, object], people: People) -> str:
    """The bot one has to know to tell whether an app's post is a form; "" when it is none, or the bot is known."""
    bot = identifier(record.get("bot_id"))
    if not bot or is_workflow(record, people) is not None:
        return ""
    return bot if submitters(written(record), workflow=True) else ""
