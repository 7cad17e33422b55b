"""What the judge went by, in words: its features as sentences, and what it makes of replies."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.judge import Evidence
from bot.domain.waits import ReplyKind

FEATURES = {
    "a member said so": "somebody on the team says so",
    "is_request": "it was filled into a form",
    "question mark": "it has a question mark",
    "ends asking": "it ends in a question",
    "ask start": "it begins like a question",
    "ask in": "it asks something",
    "request": "it asks for something to be done",
    "want": "it says what they want",
    "help": "it asks for help",
    "problem": "it tells of a problem",
    "negation": "something doesn't work or isn't there",
    "bump": "they are asking again",
    "waiting": "they say that they are waiting",
    "code": "it holds code or output",
    "link": "it holds a link",
    "identifier": "it names something technical",
    "files": "a file came with it",
    "urgent": "it is urgent, and what they asked is on hold or was closed by hand",
    "same": "they have what another customer reports",
    "calls team": "it calls on the team",
    "content": "it says something in substance",
    "long": "it is long",
    "greeting and content": "it greets and then says something",
    "no cue at all": "it is no thanks, no ok and no goodbye",
    "own": "it tells of something of their own",
    "new here": "they are new here",
    "own last calls": "what they wrote before is open too",
    "calls lately": "they have been asking lately",
    "after own call": "what they wrote just before asked for a reply",
    "open wait": "they are waiting already",
    "team asked": "the team had asked them something",
    "team asked for something": "the team had asked them for something",
    "team spoke to them": "the team had spoken to them",
    "names a member": "it names somebody on the team",
    "names a member, at the start": "it begins with the name of somebody on the team",
    "reply to member": "it is a reply to somebody on the team",
    "help or alarm out of the blue": "it calls for help or raises an alarm, out of the blue",
    "begins with a wish": "they begin with what they want",
    "begins with trouble": "they begin with a problem",
    "team asked, tells": "it answers what the team had asked",
    "team answered, but": "it says 'but' to the team's answer",
    "team answered, trouble": "it tells of trouble after the team's answer",
    "team answered, wish": "it says what they want now",
    "team answered, denies": "something isn't so, after the team's answer",
    "team answered, narrates": "it tells more, after the team's answer",
}
"""What speaks for a reply being wanted. A feature without a sentence is shown by its name, which is plain words too."""

NOTHING_ASKED = "nothing in it asks for anything"

AGAINST = {
    "thanks": "it says thanks",
    "thanks, asks nothing": "it says thanks and asks nothing",
    "thanks and little else": "it says thanks and little else",
    "accepts and little else": "it agrees and says little else",
    "ack in": "it says that it's fine",
    "solved": "it says that it's solved",
    "will": "it tells of what they do next",
    "says it is fine, asks nothing": "it says that it's fine and asks nothing",
    "praise": "it praises",
    "greeting": "it greets",
    "farewell": "it says goodbye",
    "laugh": "it laughs",
    "smile": "it smiles",
    "bare": "it says nothing of substance",
    "one word": "it has one word of substance",
    "two words": "it has two words of substance",
    "no words": "it has no words",
    "statement": "it states something",
    "no cue at all": NOTHING_ASKED,
    "exclaim": "it exclaims",
    "names a customer": "it is for another customer",
    "names a customer, at the start": "it is for another customer",
    "yes start": "it begins with a yes",
    "no start": "it begins with a no",
    "absent, asks nothing": "it says that they are away",
    "for everybody, asks nothing": "it is for everybody and asks nothing",
    "beside another call, advises": "it gives advice to another customer",
    "beside another call, asks them": "it asks another customer",
    "joins customers' talk": "it joins other customers' talk",
    "calls lately": "they have been talking lately, not asking",
    "team answered, but at length": "it comments on the team's answer at length",
    "new here, statement": "they are new here and state something",
}
"""What speaks against it."""

KINDS = {
    ReplyKind.PERSONAL: "an answer",
    ReplyKind.CLARIFYING: "a question back",
    ReplyKind.HOLDING: "holding",
    ReplyKind.PROMISE: "a promise",
    ReplyKind.REDIRECT: "a redirect",
    ReplyKind.AUTOMATIC: "automatic",
    ReplyKind.NOTHING: "nothing yet",
}
"""What a reply is, as a noun."""


def feature(name: str) -> str:
    """What speaks for a reply being wanted, as a sentence without a capital or a full stop."""
    return FEATURES.get(name, name)


def reasons(evidence: Iterable[Evidence], *, against: bool) -> tuple[str, ...]:
    """What speaks for a reply being wanted, or `against` it, heaviest first, each sentence once, where there are words
    for it: most of what speaks against it is that something isn't there."""
    if not against:
        return tuple(dict.fromkeys(FEATURES[item.name] for item in evidence if item.weight > 0 and item.name in FEATURES))
    found = dict.fromkeys(AGAINST[item.name] for item in evidence if item.weight < 0 and item.name in AGAINST)
    return tuple(found) or (NOTHING_ASKED,)
