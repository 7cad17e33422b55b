"""Replies in other languages than English that say nothing in words no list knows: they are asked about, and never refused."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.domain.waits import ReplyKind
from bot.judge.replies.letters import load_letters, parse_letters, reads_as_english
from tests.judge.replies.test_kinds import reply
from tests.judge.scene import JUDGE

EMPTY = [
    "Das Team berät sich noch",
    "stiamo ragionando con i tecnici",
    "lo chiediamo al reparto tecnico",
    "seguimos en ello con los técnicos",
    "担当の者に聞いてみますね",
    "我们还在内部讨论",
]
ANSWERS = [
    "Der Bericht braucht dafür Schreibrechte",
    "La cartella era piena, l'ho svuotata",
    "Le champ est vide par défaut",
    "La cuenta no tenía permisos",
    "管理者権限が必要です",
    "这个字段默认是空的",
]


def marked(text: str, role: Role = Role.MEMBER) -> bool:
    message = Message(channel="C", id="1", at=1.0, author="ana", role=role, text=text)
    return JUDGE.read(message, {}).has(Cue.READS_EMPTY)


@pytest.mark.parametrize("text", EMPTY)
def test_what_reads_like_nothing_is_asked_about(text: str) -> None:
    judged = reply(text)
    assert judged.kind is ReplyKind.PERSONAL and judged.doubtful, judged
    assert "reads like a reply that says nothing yet" in judged.evidence[0]
    assert marked(text) and not marked(text, Role.CUSTOMER)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_none_of_that(text: str) -> None:
    judged = reply(text)
    assert judged.kind is ReplyKind.PERSONAL and not judged.doubtful, judged


def test_the_name_in_front_says_nothing_of_the_rest() -> None:
    assert reply(f"Dana: {EMPTY[0]}").doubtful and not reply(f"Dana: {ANSWERS[0]}").doubtful


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("we moved it to the other table", True),
        ("café naïve, the menu has it", True),
        ("2.4.1", True),
        ("Kubernetes", True),
        ("gerade wird das intern diskutiert", False),
        ("estamos todos con ello", False),
        ("ok, checken wir mit dem Team", False),
        ("管理者権限", False),
    ],
)
def test_english_is_told_by_its_small_words(text: str, english: bool) -> None:
    assert reads_as_english(text) is english


def test_any_text_has_its_score() -> None:
    letters = load_letters()
    assert all(abs(letters.score(text)) < 100 for text in ("", "\ud800ż", "\u0301", "ß" * 5_000, "🙂"))


def test_weights_of_another_size_are_refused_with_what_to_do() -> None:
    content = json.loads((files("bot.judge") / "weights_letters.json").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="train again"):
        parse_letters({**content, "weights": "AAAA"})
