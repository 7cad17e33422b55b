# ruff: noqa: E501 - patterns read best unbroken
"""Does a reply send the customer to a private or other channel, and is that all it does?

A link to documentation is help, not a redirect; a contact form, a support address, "DM me" or "ask in #billing" is one.
Judged sentence by sentence: what remains besides the sentences that redirect decides whether it only redirects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.reading import Cue

LITTLE = 4
"""Words up to which a sentence without a redirect ("sorry about that", "no idea") counts as saying nothing."""

LEAD_IN = 12
"""Words that may stand before the redirect in its own sentence before they count as help."""

MOST = 1_500
"""Characters looked at: who only redirects is brief."""

_TELLING = frozenset(
    [
        "dm",
        "dms",
        "dming",
        "pm",
        "pms",
        "pming",
        "pn",
        "mp",
        "md",
        "pv",
        "inbox",
        "email",
        "emails",
        "emailing",
        "e-mail",
        "mail",
        "mails",
        "mailing",
        "correo",
        "support",
        "soporte",
        "suporte",
        "helpdesk",
        "desk",
        "service",
        "atendimento",
        "kundenservice",
        "kundendienst",
        "kundensupport",
        "contact",
        "contacting",
        "contactez",
        "contacter",
        "contacte",
        "contacta",
        "contactar",
        "contactarnos",
        "contacten",
        "contate",
        "contatar",
        "contato",
        "contacto",
        "kontaktiere",
        "kontaktieren",
        "kontaktiert",
        "kontaktformular",
        "ticket",
        "tickets",
        "chamado",
        "reach",
        "reaching",
        "messaging",
        "sales",
        "vertrieb",
        "ventas",
        "vendas",
        "private",
        "privately",
        "privado",
        "privat",
        "privée",
        "privé",
        "forum",
        "forums",
        "channel",
        "channels",
        "canal",
        "kanal",
        "direktnachricht",
        "privatnachricht",
        "assistance",
        "atención",
        "inquiry",
        "direta",
        "directo",
        "interno",
    ]
)
"""Words one of which nearly every redirect holds."""

_COMMON = frozenset(
    [
        "message",
        "msg",
        "call",
        "calling",
        "write",
        "writing",
        "touch",
        "billing",
        "account",
        "success",
        "direct",
        "team",
        "case",
        "request",
    ]
)
_WITH = frozenset(["me", "us", "team", "manager", "in", "into", "you"])
"""Words that redirect only in company."""

_LINKED = ("contact", "support", "ticket", "request", "mail", "kontakt", "contat")
_ADDRESS = re.compile(r"\w@\w|#[a-z]")
_REDIRECT_BIT = Cue.REDIRECT.value
_REDIRECT_ONLY_BIT = Cue.REDIRECT_ONLY.value


def may_redirect(text: str, words: Sequence[str], links: Sequence[str]) -> bool:
    """A quick look that spares most replies the patterns. `text` is lower case without links."""
    if not _TELLING.isdisjoint(words):
        return True
    if not _COMMON.isdisjoint(words) and not _WITH.isdisjoint(words):
        return True
    if ("@" in text or "#" in text) and _ADDRESS.search(text) is not None:
        return True
    return any(part in link for link in links for part in _LINKED)


_TEAM = (
    r"(?:support|help ?desk|customer (?:service|success|care|support)|(?:support|billing|sales|success|service|care) team|sales"
    r"|billing|account manager|account team|our team)"
)
_SMALL = (
    r"(?:(?:in|into|out|over|up|to|with|a|an|the|our|your|their|my|us|directly|straight|through|via|by|at|form|here|off|an?|email|e-mail|mail"
    r"|message|note|line|ticket|request|case|enquiry|inquiry|team|new|from|account's|or|call|chat|about this|about that)\s+){0,6}"
)
_TO_YOU = r"(?:^|[,;:\-(]\s*|\b(?:you|u|please|pls|plz|kindly|recommend|suggest|best|better|to|try|just|then|or|and|should|so|by|could|can|go ahead|free to|i'd|would|maybe|perhaps|instead|i think|i guess|worth|here|always|also)\s+)"

_REDIRECTS = tuple(
    re.compile(pattern)
    for pattern in (
        # write to, contact, open a ticket with ... the support team
        _TO_YOU
        + r"(?:contact(?:ing)?|reach(?:ing)? out|reach|writ(?:e|ing)(?: in)?|e-?mail(?:ing)?|mail(?:ing)?|messag(?:e|ing)|get(?:ting)? in touch|talk(?:ing)?"
        r"|speak(?:ing)?|check(?:ing)? with|ask(?:ing)?|call(?:ing)?|ping(?:ing)?|go(?:ing)? through|turn(?:ing)? to|try(?:ing)?|drop(?:ping)?)\s+"
        + _SMALL
        + r"(?:\w+(?:'s)?\s+)?"
        + _TEAM
        + r"\b",
        r"\b(?:open|submit|file|raise|create|log|send)(?:ing)?\s+(?:up\s+)?(?:(?:us|in)\s+)?(?:a|an|your)?\s*(?:new\s+)?(?:support |help ?desk )?(?:ticket|support request|support case)\b",
        r"\b(?:use|using|fill (?:out|in)|through|via|try|trying|with)\s+(?:(?:the|our|this)\s+)?(?:contact|support|help)[ -](?:form|page|chat)\b",
        r"\bquestion (?:for|to) (?:the |our )?(?:\w+ )?" + _TEAM,
        r"\b(?:writ(?:e|ing) (?:in )?(?:to )?us|write in\b|reach(?:ing)? out to us|e-?mail(?:ing)? us|contact(?:ing)? us(?! (?:link|page|button|form))|drop(?:ping)? us a|give us a (?:call|ring)|shoot (?:us|me) an? (?:e-?mail|mail|message|dm)|call us)\b",
        # private messages
        r"(?<!don't )(?<!do not )\b(?:dm|pm|message|msg|e-?mail|inbox)(?:ing)? (?:me|us|it to me|it to us|them to me|that to me|your \w+ to me)\b",
        r"\bsend (?:me|us|it|them|that|over)?\s*(?:\w+\s+){0,4}?(?:a |an |in a |by |via |as a |through )?(?:dm|pm|direct message|private message|private msg|e-?mail)\b(?! to (?:the|your)\b)",
        r"\b(?:i've |i have |i |just |we've |we )(?:just )?(?:sent|dm'?e?d|pm'?e?d|messaged|e-?mailed) (?:you|u)\b",
        r"\bi(?:'ll| will|'m going to) (?:send you an? )?(?:dm|pm|message|e-?mail)(?: you)?\b",
        r"\b(?:take|move|continue|discuss|talk about|handle|sort) (?:this|it|that) (?:\w+ )?(?:to|in|via|over|into) (?:the |my |our |your |a )?(?:dms?|pms?|privat\w+|e-?mail|direct messages?)\b",
        r"\b(?:check|see|look at) your (?:dms?|pms?|inbox|direct messages|e-?mail)\b",
        r"\b(?:via|by|over|per|in|on) (?:a )?(?:dms?|pms?|private message|direct message|private chat)\b",
        # other channels
        r"\b(?:ask(?:ed|ing)?|post(?:ed|ing)?|try|head|move|repost|belongs?|go|hop|better|question for|over|take this|take it|bring this|suited|placed)\b[^.?!]{0,40}?\b(?:in|to|for|into|on|at)\s+(?:the |our )?(?:#[a-z][\w\-]+|[\w\-]+ (?:channel|forum|forums|board))\b",
        r"\b(?:ask|post|try|head)\b[^.?!]{0,20}?\b(?:another|other|different|the right|the correct) (?:channel|forum)\b",
        # German
        r"\b(?:schreib(?:t|en sie)?|wende(?:t|n sie)?|wenden|meld(?:e|et|en sie)?|kontaktier(?:e|t|en sie)?|frag(?:t|en sie)?|öffne(?:n sie)?|schick(?:t|en sie)?|bitte)\b[^.?!]{0,45}?\b(?:support|kundenservice|kundendienst|kundensupport|vertrieb|e-?mail|mail|ticket|kontaktformular|pn|dm|privat\w*|direktnachricht)\b",
        r"\b(?:per|via|über) (?:e-?mail|mail|pn|dm|direktnachricht|privatnachricht|das kontaktformular|kontaktformular)\b",
        # French
        r"\b(?:contacte[rz]?|écri(?:vez|s|re)|adresse[rz]?(?:-vous|-toi)?|envoye[rz]|envoie[rz]?|voyez|demande[rz]?|passe[rz]|ouvre[rz]|ouvrir)\b[^.?!]{0,45}?\b(?:support|service client\w*|assistance|équipe commerciale|e-?mail|mail|mp|message privé|dm|ticket|formulaire de contact)\b",
        r"\b(?:en|par|via) (?:mp|dm|privé|message privé|le formulaire de contact)\b",
        # Spanish
        r"\b(?:contact[aeáé]\w*|escr[ií]b\w*|env[ií][aeáé]\w*|m[aá]nd[ae]\w*|comun[ií]c\w*|consult[ae]\w*|dir[ií]j\w*|abr[ae]\w*|abrir|habl[ae]\w*)\b[^.?!]{0,45}?\b(?:soporte|atención al cliente|ventas|correo|e-?mail|md|dm|mensaje directo|mensaje privado|privado|ticket|formulario de contacto)\b",
        r"\bpor (?:dm|md|privado|mensaje privado|mensaje directo|interno)\b",
        # Portuguese
        r"\b(?:contat\w*|contacte|contactem|entr\w+ em contato|entr\w+ em contacto|fal[ae]\w*|escrev\w*|envi[ae]\w*|mand[ae]\w*|cham[ae]\w*|abr[aei]\w*|procur[ae]\w*)\b[^.?!]{0,45}?\b(?:suporte|atendimento|vendas|e-?mail|dm|inbox|privado|pv|direct|mensagem direta|mensagem privada|chamado|ticket|formulário de contato)\b",
        r"\b(?:no|por|pelo) (?:privado|inbox|pv|direct|dm)\b",
    )
)

_CONTACT_LINK = re.compile(
    r"(?:https?://|www\.|\b[\w\-]+\.)[^\s]*(?:/contact(?![\w\-])|/contact[-_]?us|contact\.[a-z]|/email\b|/tickets?\b|/requests?/new|/submit[-_]|/support/?(?:form|request|new)|/new[-_]?ticket|/hc/[\w\-]+/requests|/kontakt|/contato|/contacto)"
    r"|(?<![\w/.:])[\w.+\-]+@[\w\-]+\.[a-z]{2,}\b"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+")

_NOT = re.compile(
    r"\b(?:no need to|don't need to|do not need to|did you|have you|had you|haven't (?:you )?(?:contacted|emailed|reached|written)|if you(?:'ve| have)? (?:already |previously )?(?:contacted|emailed|written|reached)"
    r"|instead of|rather than|when (?:you|users?|customers?) (?:contact|email|message)|(?:users?|customers?|clients?|they|he|she|people) (?:can |could |will |would |to |should )?(?:contact|email|e-mail|message|write|reach)"
    r"|never (?:dm|pm|email)|please don't|do not (?:dm|pm|email|message|contact)|don't (?:dm|pm|email|message|contact)|nicht per|pas besoin de|no hace falta|no es necesario|não precisa|habt ihr|hast du|haben sie|avez-vous|as-tu|has (?:you )?contactado|ya (?:has|han)|vocês? já|já (?:falou|entrou|contatou))\b"
)

_SAYS_NOTHING = re.compile(
    r"\b(?:no idea|no clue|not sure|don't know|do not know|can't help|cannot help|can't really|unable to|not able to|not something|sorry|apologies|unfortunately|this channel|this is (?:a |the )?(?:channel|place|community|public)|(?:great|good) question"
    r"|haven't (?:heard|seen)|(?:they|someone|somebody|the team|we|support|folks|they'll|they'd|we'll) ?(?:'ll|will|can|should|would|'d|are|be|have|would be|is|there)?\b.{0,30}\b(?:help|assist|look|able|sort|answer|advise|handle|check|best|better)\b"
    r"|they(?:'ll| will| can| should)|happy to|so (?:we|they|i) can|be helpful|(?:please |and |do )include|provide (?:them|all|as)|mention|public|private|sensitive|specific to your account|account[- ]specific|look at your account|access to|for (?:privacy|security)"
    r"|thanks|thank you|tut mir leid|leider|keine ahnung|weiß ich nicht|desol|désol|malheureusement|je ne sais pas|aucune idée|lo siento|no sé|no tengo idea|lamentablemente|desculp|infelizmente|não sei|die (?:können|helfen)|dort (?:kann|wird|hilft)|ils (?:pourront|sauront)|ellos (?:pueden|podrán)|eles (?:podem|poderão))\b"
)
_MORE = re.compile(
    r"\b(?:you can always|for more (?:information|details|help)|if (?:that|this|it) (?:doesn't|does not|still|fails|isn't)|if you (?:still|need more|have more|want more)|otherwise|alternatively|wenn (?:das|es) nicht|sinon|si (?:no funciona|ça ne)|se (?:não|isso não) (?:funcionar|resolver))\b"
)
_REASON = re.compile(
    r"\b(?:i want to|i'll|i will|i can|so (?:that )?i|let me|i'd like to)\b.{0,30}\b(?:check|look|see|find|verify|debug|investigate)\b"
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+|\s+-+\s+|;\s+")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def redirect_cues(raw: str) -> int:
    """The bits REDIRECT and REDIRECT_ONLY of a reply's text, for one that `may_redirect`."""
    whole = raw.lower()
    if not raw.isascii():
        whole = whole.replace("’", "'")
    sentences = _SENTENCE.split(whole[:MOST])
    places = [_redirect_at(sentence) for sentence in sentences]
    if max(places) < 0:
        return 0
    helps = False
    lead_in = 0
    for sentence, place in zip(sentences, places, strict=True):
        if place < 0:
            if not _empty(sentence):
                helps = True
            continue
        before = sentence[:place]
        words = len(_WORDS.findall(_LINK.sub(" ", before)))
        if words > lead_in and not _SAYS_NOTHING.search(before):
            lead_in = words
        if _MORE.search(sentence):
            helps = True
        if _REASON.search(sentence) and not _CONTACT_LINK.search(sentence):
            helps = True
    if helps or lead_in > LEAD_IN or len(whole) > MOST:
        return _REDIRECT_BIT
    return _REDIRECT_BIT | _REDIRECT_ONLY_BIT


def _redirect_at(sentence: str) -> int:
    """Where in the sentence it redirects, -1 when it doesn't."""
    plain = _LINK.sub(" ", sentence) if "http" in sentence or "www." in sentence else sentence
    # Every form of a contact link has one of these.
    linked = "/" in sentence or "@" in sentence or "contact." in sentence
    found = _CONTACT_LINK.search(sentence) if linked else None
    for pattern in _REDIRECTS:
        match = pattern.search(plain)
        if match is not None:
            found = match
            break
    # Last, because most sentences don't redirect anyway.
    return found.start() if found is not None and _NOT.search(plain) is None else -1


def _empty(sentence: str) -> bool:
    """Whether a sentence without a redirect gives the customer nothing."""
    plain = _LINK.sub(" ", sentence)
    if plain != sentence:
        return False
    if _REASON.search(plain) or plain.rstrip().endswith("?"):
        return False
    return len(_WORDS.findall(plain)) <= LITTLE or _SAYS_NOTHING.search(plain) is not None
