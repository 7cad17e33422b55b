"""What the judge went by, in words: its features as sentences, and what it makes of replies."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.judge import Evidence
from bot.domain.waits import ReplyKind

LONG = 0.8
"""How much of "long" a text has that may be called so: some 54 characters."""

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
    "elsewhere in vain": "they were sent elsewhere, and tell that nothing came of it",
    "says urgent": "it has words of something urgent",
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
    "open wait, minutes": "they have been waiting for a while",
    "open wait with a reply": "they are waiting, and somebody has replied",
    "open wait, code or link": "they send code or a link to what is open",
    "open wait, bare": "they wrote again while they wait",
    "correction": "it corrects what they wrote",
    "quote": "it quotes something",
    "only link": "it is a link",
    "foreign": "most of its words aren't known here",
    "uncovered": "it is in a language that isn't covered",
    "recording": "it is a voice message",
    "narrates": "it tells what happened",
    "yes start": "it begins with a yes, and goes on",
    "no start": "it begins with a no, and goes on",
    "greeting": "it greets",
    "farewell": "it ends with a greeting, as a letter does",
    "two words": "it says something in two words",
    "one word": "it says something in one word",
    "says it is fine, but tells of a problem": "it says that something is fine, but tells of a problem",
    "says it is fine, at length": "it says that something is fine, and much else",
    "accepts and little else": "it says yes to what they were offered",
    "burst": "they wrote just before",
    "burst, statement": "it goes on with what they wrote just before",
    "split line": "it goes on with the line before",
    "after own greeting": "they had said hello just before",
    "team asked, statement": "it answers what the team had asked",
    "team asked, accepts": "it says yes to what the team had asked",
    "team asked, own next step": "it says what they do next, after the team's question",
    "team asked, identifier or code": "it gives the team something that it had asked for",
    "team answered, accepts start": "it agrees with the team's answer, and goes on",
    "team held": "the team had said that somebody looks",
    "new here, statement": "they are new here and tell something",
    "customer spoke to them": "another customer has spoken to them",
    "begins with a statement": "they begin with something that they tell",
    "everybody": "it is for everybody",
    "thread": "it is in a thread",
    "member spoke last in the thread": "somebody on the team spoke last in its thread",
}
"""What speaks for a reply being wanted."""

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
    "team answered, long": "it says much after the team's answer",
    "team answered, statement": "it states something after the team's answer",
    "apology": "it says sorry",
    "stranger": "it is for somebody else",
    "names somebody unknown": "it is for somebody else",
    "you": "it speaks to somebody about them",
    "news": "it says that something works again",
    "only link": "it is a link, and says nothing besides",
    "burst": "they wrote just before",
    "after own non-call": "what they wrote just before asked for nothing",
    "names a customer, asks": "it asks another customer",
    "talks with a customer": "they are talking with another customer",
    "talks with a customer, asks": "they are asking another customer",
    "reply to customer": "it is a reply to another customer",
    "thread of another customer": "it is in another customer's thread",
    "open wait": "it adds little to what they wait for already",
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


def sentences(names: Iterable[str]) -> tuple[str, ...]:
    """What speaks for a reply being wanted, each sentence once, without a capital or a full stop. What an older version went by
    and this one doesn't know has none."""
    return tuple(dict.fromkeys(FEATURES[name] for name in names if name in FEATURES))


def _is_so(item: Evidence) -> bool:
    """Whether there are words for it that are true: any text has a length, but few are long."""
    return item.name in FEATURES and (item.name != "long" or item.value >= LONG)


def reasons(evidence: Iterable[Evidence], *, against: bool) -> tuple[str, ...]:
    """What speaks for a reply being wanted, or `against` it, heaviest first, each sentence once, where there are words
    for it: most of what speaks against it is that something isn't there."""
    if not against:
        return tuple(dict.fromkeys(FEATURES[item.name] for item in evidence if item.weight > 0 and _is_so(item)))
    found = dict.fromkeys(AGAINST[item.name] for item in evidence if item.weight < 0 and item.name in AGAINST)
    return tuple(found) or (NOTHING_ASKED,)
