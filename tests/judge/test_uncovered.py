"""Who writes in a language that nobody here knows: told by several messages, and never by a word or two."""

from __future__ import annotations

import pytest

from bot.judge.uncovered import writes_uncovered
from tests.judge.scene import Scene

FINNISH = (
    "Hei, miksi vientitiedosto on tyhjä?",
    "Laskut näkyvät vasta huomenna aamulla",
    "Poista päivämääräsuodatin ja yritä uudelleen.",
    "Asetuksista löytyy uusi painike sitä varten",
)
ENGLISH = (
    "The export runs again since this morning",
    "Could you send me the name of the report?",
    "It sits under Settings, at the very bottom",
)


def channel(*lines: tuple[str, str]) -> Scene:
    scene = Scene()
    for who, text in lines:
        scene.says(who, text)
    return scene


def unknown(scene: Scene, who: str, text: str) -> bool:
    return writes_uncovered(scene.seen(who, text), scene.window)


@pytest.mark.parametrize(
    "text",
    [
        FINNISH[2],
        "Tarih filtresini kaldırıp tekrar deneyin, sonra çalışır.",
        "Уберите фильтр по дате и попробуйте снова.",
        "날짜 필터를 지우고 다시 시도하세요.",
        "أزل مرشح التاريخ وحاول مرة أخرى.",
    ],
)
def test_a_whole_sentence_is_enough(text: str) -> None:
    assert unknown(channel(("Dana", ENGLISH[0])), "Ana", text)


def test_a_word_is_told_by_what_its_author_wrote_before() -> None:
    assert unknown(channel(("Ana", FINNISH[1]), ("Ana", FINNISH[2])), "Ana", "Korjattu!")
    assert not unknown(channel(("Ana", ENGLISH[0]), ("Ana", ENGLISH[1])), "Ana", "Korjattu!")


def test_else_by_what_the_channel_writes() -> None:
    scene = channel(("Dana", FINNISH[0]), ("Omar", FINNISH[1]), ("Ben", FINNISH[2]), ("Lena", FINNISH[3]))
    assert unknown(scene, "Ana", "Korjattu!")
    assert unknown(channel(("Dana", FINNISH[0])), "Ana", "Korjattu!")
    assert not unknown(channel(("Dana", FINNISH[0]), ("Omar", ENGLISH[0])), "Ana", "Korjattu!")
    assert not unknown(channel(), "Ana", "Korjattu!")


def test_who_writes_english_is_known_to_in_a_channel_of_others() -> None:
    scene = channel(("Dana", FINNISH[0]), ("Omar", FINNISH[1]), ("Lena", FINNISH[3]), ("Ana", ENGLISH[0]), ("Ana", ENGLISH[1]))
    assert not unknown(scene, "Ana", "Rebooted")


@pytest.mark.parametrize("text", ["ok", "Ana", "HB-4711", "kubectl get pods", "https://shop.example/limits", "Zendesk", "👍"])
def test_what_says_little_turns_no_channel(text: str) -> None:
    scene = channel(*(("Dana", line) for line in ENGLISH), *(("Ana", line) for line in ENGLISH))
    for _ in range(10):
        scene.says("Ana", text)
        scene.says("Dana", text)
    assert not unknown(scene, "Ana", "Rebooted")
    assert not unknown(scene, "Ben", "Rebooted")


def test_a_sentence_in_a_covered_language_is_known_wherever_it_stands() -> None:
    scene = channel(*(("Ana", line) for line in FINNISH))
    assert not unknown(scene, "Ana", "Clear the date filter, then run it again.")
    assert not unknown(scene, "Ana", "Lösche den Datumsfilter und starte neu.")


def test_what_comes_later_tells_nothing() -> None:
    scene = channel(("Ana", ENGLISH[0]), ("Ana", ENGLISH[1]))
    word = scene.seen("Ana", "Korjattu!")
    for line in FINNISH * 2:
        scene.says("Ana", line)
    assert not writes_uncovered(word, scene.window)
