"""Laughter, jokes and welcomes end nothing, however long somebody laughs; with few words beside them they are asked about at
most."""

from __future__ import annotations

import pytest

from bot.domain.waits import ReplyKind
from tests.judge.replies.test_kinds import reply

LAUGHTER = (
    "hahahahaha", "ahahahahah", "LMAOOO", "loool", "xDDD", "muahahaha", "hihihi", "jajajajajaja", "mdrrr", "kkkkkkkkk", "rsrsrs",
    "hehehehe", "wwwww", "233", "2333", "666", "hhh", "哈哈哈哈哈哈哈", "笑笑", "😂😂",
)  # fmt: skip
JOKES = (
    "haha, those updates", "haha, ja diese Updates", "mdr, ces mises à jour", "jajajaja, esas actualizaciones",
    "kkkkkk essas atualizações", "ahahah, questi aggiornamenti", "haha die updates ook altijd", "hehehe te aktualizacje",
    "草、またアップデートだ", "哈哈哈，又是更新", "hahaha ye updates", "nur Spaß", "je plaisante", "es broma", "brincadeira",
    "scherzo", "grapje", "żartuję", "冗談です", "开玩笑", "mazaak tha",
)  # fmt: skip


@pytest.mark.parametrize("text", LAUGHTER)
def test_laughter_says_nothing(text: str) -> None:
    assert reply(text).kind is ReplyKind.NOTHING


@pytest.mark.parametrize("question", ["Hello, why does my report come out twice?", "The app crashes since the updates"])
@pytest.mark.parametrize("text", JOKES)
def test_a_joke_ends_nothing(text: str, question: str) -> None:
    judged = reply(text, question)
    assert judged.kind is ReplyKind.NOTHING or judged.doubtful, judged


@pytest.mark.parametrize("text", ["lol, it's the backup", "haha, that's the firewall", "lol that's the proxy setting"])
def test_what_stands_beside_a_laugh_may_be_the_answer(text: str) -> None:
    judged = reply(text, "Hello, why does my report come out twice?")
    assert judged.kind is ReplyKind.PERSONAL and judged.doubtful, judged


@pytest.mark.parametrize(
    "text",
    [
        "Happy to have you in the beta", "Glad you're on board", "Welcome to the beta", "Schön, dass du in der Beta bist",
        "Ravis de vous avoir dans la bêta", "Encantados de tenerte en la beta", "Felici di averti nella beta",
        "Fijn dat je meedoet met de beta",
    ],
)  # fmt: skip
def test_a_welcome_ends_nothing(text: str) -> None:
    judged = reply(text, "Hello, why does my report come out twice?")
    assert judged.kind is ReplyKind.NOTHING or judged.doubtful, judged


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Happy to help: the limit is per account", "Is there a limit on exports?"),
        ("No problem, it works again now", "Hello, why does my report come out twice?"),
        ("haha, click Export first, then Filter", "Hello, why does my report come out twice?"),
        ("lol yes", "Does the export work for guests?"),
        ("lol it's fixed", "The app crashes since the updates"),
        ("haha it's under Settings > Export", "Where do I find the export?"),
    ],
)
def test_an_answer_with_a_laugh_or_a_courtesy_is_one(text: str, question: str) -> None:
    judged = reply(text, question)
    assert judged.kind is ReplyKind.PERSONAL and not judged.doubtful, judged
