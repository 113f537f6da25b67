"""A folder of files is read file by file: what is wrong with one is said, and harms no other."""

import os
from pathlib import Path

import pytest

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.replays.folder import open_folder
from gamefactory_dagster.replays.frames import frames
from gamefactory_dagster.replays.parsing import MAX_BYTES

from .files import write


def read(*paths):
    folder = open_folder(paths)
    moved = []
    found = [(source, replay.id) for source, replay in folder.replays(moved.append)]
    assert moved == list(range(1, len(folder.files) + 1))
    return (
        found,
        {one.source: one.text for one in folder.unread},
        {one.source: one.text for one in folder.notes},
    )


def test_files_are_read_in_order_of_names_each_replay_once_and_what_fails_fails_alone(tmp_path):
    names = (
        "b.json",
        "a.json",
        "sub/c.json",
        "none.json",
        "none2.json",
        ".hidden.json",
        ".git/d.json",
        "e.txt",
    )
    for number, name in enumerate(names):
        write(tmp_path / name, None if "none" in name else number + 1)
    write(tmp_path / "z.json", 1)
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "folder.json").mkdir()
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")

    found, unread, notes = read(tmp_path)

    known = [("a.json", 2), ("b.json", 1), ("none.json", None), ("none2.json", None), ("sub/c.json", 3)]
    assert found == [(f"{tmp_path}/{name}", number) for name, number in known]
    assert {Path(name).name: reason for name, reason in unread.items()} == {
        "bad.json": "is no JSON",
        "gone.json": "No such file or directory",
        "large.json": "is larger than 16 MiB, no replay is",
        "loop.json": "Too many levels of symbolic links",
        "pipe.json": "is no file",
    }
    assert notes == {f"{tmp_path}/z.json": f"the same replay as {tmp_path}/b.json: counted once"}


def test_single_files_are_read_whatever_they_are_called_and_each_once(tmp_path):
    one, two = write(tmp_path / "one.txt", 1), write(tmp_path / os.fsdecode(b"\xff.json"), 2)
    found, unread, _ = read(one, two, one)
    assert found == [(str(one), 1), (f"{tmp_path}/\ufffd.json", 2)]
    assert unread == {}


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"FOLDER: .*a folder that exists"):
        open_folder([tmp_path / "none"])
    with pytest.raises(InputError, match=r"end in \.json"):
        open_folder([tmp_path])


def test_a_name_that_ends_in_the_middle_of_a_character_harms_nobody(tmp_path):
    whole = write(tmp_path / "a.json", 1)
    half = write(tmp_path / "b.json", 2, winner="Zed").read_bytes()
    (tmp_path / "b.json").write_bytes(half.replace(b"Zed", b"Z\\ud83d").replace(b"Card 1", b"\\ud83d 1"))
    found = frames(open_folder([tmp_path]).replays())
    assert list(found.matches["player"]) == ["Ann", "Ben", "Z?", "Ben"]
    assert sorted(found.cards["card"]) == ["? 1", "Card 0", "Card 0", "Card 1", "Card 2", "Card 2"]
    assert set(found.matches["source"]) == {str(whole), str(tmp_path / "b.json")}
