"""What somebody filled into a workflow's form: a workflow posts it, and the words are theirs.

Any app can write "submission from <@U123>". Slack's own workflows alone are told by `is_workflow_bot` (docs.slack.dev,
/reference/objects/user-object; a post's `bot_profile` carries it, too).
"""

from __future__ import annotations

import re

from adapters.slack_format.people import People
from adapters.slack_format.text import identifier, written

_USUAL = re.compile(r"submission\*?\s+from\s+<@([A-Z0-9]+)(?:\|[^<>]*)?>", re.IGNORECASE)
"""How a workflow words it unless its maker changed that."""

_ANSWERED = re.compile(r"^\*[^*\n]{1,300}\*[ \t]*\n[^\n*]", re.MULTILINE)
"""A question of the form in bold, the answer on the next line. A workflow that welcomes whoever joins has none."""

_NAMED = re.compile(r"<@([A-Z0-9]{1,80})[|>]")


def submitter(text: str, *, workflow: bool | None) -> str:
    """Who filled in the form that an app's post holds; "" when it holds none. `workflow`: whether Slack says that a workflow
    posted it, None when that isn't known. A workflow may word it as it likes; otherwise only the usual wording shows a form."""
    if workflow is False:
        return ""
    usual = _USUAL.search(text)
    if usual is not None:
        return usual[1]
    if workflow and _ANSWERED.search(text):
        named = set(_NAMED.findall(text))
        return named.pop() if len(named) == 1 else ""
    return ""


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
    return bot if submitter(written(record), workflow=True) else ""
