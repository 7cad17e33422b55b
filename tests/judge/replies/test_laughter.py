"""Laughter and jokes end nothing, however long somebody laughs; with few words beside them they are asked about at most."""

from __future__ import annotations

import pytest

from bot.domain.waits import ReplyKind
from tests.judge.replies.test_kinds import reply

LAUGHTER = (
    "hahahahaha", "ahahahahah", "LMAOOO", "loool", "xDDD", "muahahaha", "hihihi", "jajajajajaja", "mdrrr", "kkkkkkkkk", "rsrsrs",
    "hehehehe", "wwwww", "哈哈哈哈哈哈哈", "笑笑", "😂😂",
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


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("haha, click Export first, then Filter", "Hello, why does my report come out twice?"),
        ("lol yes", "Does the export work for guests?"),
        ("lol it's fixed", "The app crashes since the updates"),
        ("haha it's under Settings > Export", "Where do I find the export?"),
    ],
)
def test_an_answer_with_a_laugh_is_one(text: str, question: str) -> None:
    judged = reply(text, question)
    assert judged.kind is ReplyKind.PERSONAL and not judged.doubtful, judged
