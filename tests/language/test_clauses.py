"""What divides clauses and sentences does so whatever letters stand beside: texts in ASCII are divided by a quicker look."""

from __future__ import annotations

import pytest

from bot.language.clauses import clauses_of, sentences_of

TEXTS = (
    "not sure why, but reload it",
    "known bug - update to 4.2.1, then restart",
    "no idea.\n\nopen settings: there it is!",
    "hm... one moment; it works\n - as far as I see -  for me",
    "e-mail,please.soon",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_divided_alike_in_plain_letters_and_others(text: str) -> None:
    other = text.replace("e", "é")
    assert clauses_of(other) == [clause.replace("e", "é") for clause in clauses_of(text)]
    assert sentences_of(other) == [sentence.replace("e", "é") for sentence in sentences_of(text)]
    assert len(clauses_of(text)) >= len(sentences_of(text))


def test_a_dash_between_words_and_a_sign_before_a_space_divide() -> None:
    assert clauses_of("known bug - update to 4.2.1, then restart") == ["known bug", "update to 4.2.1", "then restart"]
    assert sentences_of("no idea. open it: there!") == ["no idea", "open it", "there", ""]
