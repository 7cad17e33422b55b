"""What counts as an export, and what is never read of it."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

import pytest

from adapters.archives import slack_files
from adapters.archives.slack_export import open_archive
from bot.errors import NotAnArchive
from tests.adapters.archives.conftest import Export, team_of, ts, user

HELLO = [{"type": "message", "user": "U1", "ts": ts(60), "text": "hello"}]


def test_folder_zip_and_zip_with_a_folder_around_it_read_alike(export: Export) -> None:
    export.lists().day(HELLO).day([{"type": "message", "user": "U2", "ts": ts(30), "text": "first"}], channel="random")
    folder = export.events()
    assert [event.message.text for event in folder] == ["first", "hello"]  # type: ignore[union-attr]
    assert export.events(export.zipped()) == folder
    assert export.events(export.zipped("My export/")) == folder
    assert export.events(export.root.parent) == folder
    assert export.problems == []


@pytest.mark.parametrize("name", ["hilfe-größe", "ヘルプ", "помощь"])
def test_a_channels_name_in_a_zip_that_does_not_say_it_is_utf_8(export: Export, name: str) -> None:
    export.channels[0]["name"] = name
    placeholder = "x" * len(name.encode())
    packed = export.lists().day(HELLO, channel=placeholder).zipped()
    packed.write_bytes(packed.read_bytes().replace(placeholder.encode(), name.encode()))
    assert [event.channel for event in export.events(packed, channels=(name,))] == ["slack:T1:C1"]
    assert export.problems == []


def test_a_channels_name_as_macos_writes_it(export: Export) -> None:
    export.channels[0]["name"] = "hilfe-größe"
    export.lists().day(HELLO, channel=unicodedata.normalize("NFD", "hilfe-größe"))
    for path in (export.root, export.zipped()):
        assert [event.channel for event in export.events(path)] == ["slack:T1:C1"]


def test_names_ids_and_keys(export: Export) -> None:
    export.users.append(user("U9", "Ines", team_id="T2"))
    archive = export.lists().day(HELLO).open()
    assert archive.home == "T1"
    assert [(channel.key, channel.id, channel.name) for channel in archive.channels] == [
        ("slack:T1:C1", "C1", "help"),
        ("slack:T1:C2", "C2", "random"),
    ]
    assert archive.people["U1"].names == ("Dana", "Dana Vester", "dana")
    assert archive.people["U9"].stranger and not archive.people["U1"].stranger
    assert archive.people["UB"].app


def test_the_home_is_the_teams_even_where_most_people_are_strangers_or_apps(export: Export) -> None:
    guests = [user(f"U5{n}", f"Guest{n}", team_id="T2", is_stranger=True) for n in range(9)]
    apps = [user(f"U6{n}", f"App{n}", team_id="T3", is_bot=True) for n in range(9)]
    export.users = [*guests, *apps, *export.users]
    assert export.lists().open().home == "T1"


def test_guests_strangers_and_people_without_a_display_name(export: Export) -> None:
    export.users = [
        user("U1", "Dana", is_restricted=True),
        user("U2", "Ana", is_stranger=True),
        {"id": "U3", "team_id": "T1", "name": "omar", "profile": {"display_name": "", "real_name": "Omar\u202e &amp;\tCo\x00"}},
        user("U4", "Mia", team_id="T1", tz="Europe/Lisbon", deleted=True),
    ]
    people = export.lists().open().people
    assert people["U1"].guest and people["U2"].stranger
    assert people["U3"].names == ("Omar & Co", "omar")
    assert people["U4"].timezone == "Europe/Lisbon" and people["U4"].deleted


def test_colleagues_of_one_organisation_are_no_strangers(export: Export) -> None:
    grid = {"enterprise_user": {"enterprise_id": "E1"}}
    export.users = [
        user("U1", "Dana", **grid),
        user("U2", "Ana", **grid),
        user("U3", "Omar", team_id="T7", **grid),
        user("U4", "Mia", team_id="T8"),
    ]
    people = export.lists().open().people
    assert [people[id].stranger for id in ("U1", "U3", "U4")] == [False, False, True]


def test_slackdump_extras_are_ignored_and_direct_messages_never_read(export: Export) -> None:
    export.lists().day(HELLO)
    export.put(
        "groups.json",
        [
            {"id": "G1", "name": "secret"},
            {"id": "G2", "name": "mpdm-dana--ana-1", "is_mpim": True},
            {"id": "G5", "name": "mpdm-a--b-1"},
        ],
    )
    export.put("dms.json", [{"id": "D0AAAA1", "members": ["U1", "U2"]}])
    export.put("mpims.json", [{"id": "G3", "name": "mpdm-omar--ana-1"}])
    for name in ("integration_logs.json", "canvases.json"):
        export.put(name, b"{ not even JSON")
    private = [{"type": "message", "user": "U1", "ts": ts(61), "text": "between us"}]
    for folder in ("D0AAAA1", "D0UNLISTED", "mpdm-dana--ana-1", "mpdm-omar--ana-1", "G5", "FC:F0123:Notes", ".trash"):
        export.day(private, channel=folder)
    export.day([{"type": "message", "user": "U1", "ts": ts(62), "text": "in a private channel"}], channel="secret")
    export.put("__uploads/F1/2026-03-02.json/plan.txt", b"x")
    export.put("C1/attachments/F2-plan.txt", b"x")
    export.put("help/canvas_in_the_conversation.json", b"x")
    for path in (export.root, export.zipped()):
        assert [message.text for message in export.messages(path)] == ["hello", "in a private channel"]
        assert export.told() == []
        assert {"D0AAAA1", "D0UNLISTED", "G3", "FC:F0123:Notes"} <= set(export.archive.skipped)


def test_folders_by_id_and_folders_nobody_lists(export: Export) -> None:
    export.lists().day(HELLO, channel="C1")
    export.day([{"type": "message", "user": "U1", "ts": ts(61), "text": "elsewhere"}], channel="forgotten")
    assert [(message.channel, message.text) for message in export.messages()] == [
        ("slack:T1:C1", "hello"),
        ("slack:T1:forgotten", "elsewhere"),
    ]
    assert export.told() == [
        "forgotten/: is a channel folder that channels.json doesn't list; its name was taken as the channel's id"
    ]


def test_without_lists_people_and_channels_go_by_id(export: Export) -> None:
    export.day(HELLO)
    (message,) = export.messages()
    assert (message.channel, message.author) == ("slack:archive:help", "U1")
    assert export.archive.people["U1"].names == ("U1",)
    assert [told.split(":")[0] for told in export.told()] == ["users.json", "channels.json", "help/"]


def test_only_the_wanted_channels(export: Export) -> None:
    export.lists().day(HELLO).day([{"type": "message", "user": "U2", "ts": ts(30), "text": "first"}], channel="random")
    for globs in (("HE*",), ("#help",), ("C1",), ("nothing", "h?lp")):
        assert [event.message.text for event in export.events(channels=globs)] == ["hello"]  # type: ignore[union-attr]
    assert export.events(channels=("nope",)) == []


def _says(path: Path) -> str:
    with pytest.raises(NotAnArchive) as caught:
        list(open_archive(path).events(role=team_of(), problem=print))
    return str(caught.value)


def test_what_is_no_archive_is_told_what_was_expected(tmp_path: Path, export: Export) -> None:
    (tmp_path / "empty").mkdir()
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    for path in (tmp_path / "nowhere", tmp_path / "empty", text, tmp_path / "other.zip"):
        told = _says(path)
        assert str(path) in told and "channels.json" in told and "2026-03-02.json" in told


def test_a_channel_folder_and_a_folder_of_exports_are_told_apart(tmp_path: Path, export: Export) -> None:
    export.lists().day(HELLO)
    assert "pass the folder that it lies in" in _says(export.root / "help")
    Export(tmp_path / "another").lists().day(HELLO)
    assert "several exports (another, export)" in _says(tmp_path)


def test_damaged_and_locked_zips(tmp_path: Path, export: Export) -> None:
    whole = export.lists().day(HELLO).zipped().read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert "zip" in _says(cut)
    locked = bytearray(whole)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + flags] |= 1
            at = locked.find(mark, at + 4)
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "password" in _says(tmp_path / "locked.zip")


def test_one_bad_member_of_a_zip_does_not_cost_the_rest(export: Export) -> None:
    path = export.lists().day(HELLO).day([{"ts": ts(60, 1), "user": "U3", "text": "hi"}], "random", "2026-03-03").zipped()
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        crc = archive.getinfo("random/2026-03-03.json").CRC.to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(crc, b"\x01\x02\x03\x04"))
    assert [message.channel for message in export.messages(path)] == ["slack:T1:C1", "slack:T1:C2"]
    assert "random/2026-03-03.json: is damaged inside the zip" in export.told()[0]


def test_paths_out_of_a_zip_and_huge_members_are_refused(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export.lists().day(HELLO).day([{"pad": "x" * 30_000}], channel="random").zipped()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil/2026-03-02.json", "[]")
    monkeypatch.setattr(slack_files, "LARGEST", 20_000)
    assert [message.text for message in export.messages(path)] == ["hello"]
    assert any("evil" in told and "leads out of the zip" in told for told in export.told())
    assert any(told.startswith("random/2026-03-02.json: is") and "over the limit" in told for told in export.told())
    export.messages()
    assert any(told.startswith("random/2026-03-02.json: is") and "over the limit" in told for told in export.told())


def test_a_channel_without_a_file_of_a_day_is_told(export: Export) -> None:
    export.lists().day([{"type": "message", "ts": ts(1), "user": "U1", "text": "hi"}])
    export.put("random/all.json", [])
    for path in (export.root, export.zipped()):
        assert len(export.messages(path)) == 1
        assert export.told() == ["random/: holds no file of a day, such as 2026-03-02.json, only all.json; it was not read"]
