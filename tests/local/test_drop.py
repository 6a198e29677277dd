"""The drop folder feeds the inbox: every file that rests, once, under its name, whatever happens meanwhile."""

import itertools
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO

import pytest

from infra.local.drop import QUIET_S, Watcher, Way
from infra.local.drop_ledger import Ledger
from infra.local.drop_main import putting
from infra.local.drop_names import Named, Refused, Skipped, judge
from infra.local.polling import await_true
from infra.local.stack import Stack

LETTERS = itertools.product("abcdefghij", repeat=2)
LIMIT_BYTES = 20 * 1024 * 1024


@dataclass
class Folder:
    """A watched folder of a workspace of its own, with what was put and refused."""

    stack: Stack
    home: Path
    workspace: str
    refused: list[tuple[str, str, int]] = field(default_factory=list)
    puts: list[str] = field(default_factory=list)
    watcher: Watcher | None = None
    while_reading: dict[str, str] = field(default_factory=dict)
    outages: int = 0

    @property
    def root(self) -> Path:
        return self.home / "drop" / self.workspace

    def begin(self) -> None:
        store = partial(putting, self.stack.clients.s3, "packshot-local-inbox")

        def put(file: BinaryIO, key: str, size_bytes: int) -> None:
            if self.outages:
                self.outages -= 1
                raise ConnectionError("S3 is away")
            self.puts.append(key)
            if text := self.while_reading.pop(key, ""):
                (self.home / "drop" / key).write_text(text)
            store(file, key, size_bytes)

        way = Way(put, lambda *given: self.refused.append(given), LIMIT_BYTES)
        self.watcher = Watcher(self.home / "drop", Ledger(self.home / "drop.sqlite"), way)
        threading.Thread(target=self.watcher.run, daemon=True).start()

    def end(self) -> None:
        if self.watcher is not None:
            self.watcher.stop()

    def rests(self) -> None:
        assert self.watcher is not None
        assert await_true(self.watcher.resting, 60)

    def inbox(self) -> dict[str, list[bytes]]:
        """Every version in the inbox, oldest first, by path within the workspace."""
        s3 = self.stack.clients.s3
        bucket, prefix = "packshot-local-inbox", f"{self.workspace}/"
        found: dict[str, list[bytes]] = {}
        for entry in reversed(s3.list_object_versions(Bucket=bucket, Prefix=prefix).get("Versions", [])):
            body = s3.get_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])["Body"].read()
            found.setdefault(entry["Key"].removeprefix(prefix), []).append(body)
        return found

    def arrives_alone(self, path: str) -> None:
        """Wait for one file, and then longer than a file must rest, while others may still be waiting."""
        assert await_true(lambda: path in self.inbox(), 60)
        seen_s = time.monotonic()
        assert await_true(lambda: time.monotonic() - seen_s > 2 * QUIET_S, 60)
        assert set(self.inbox()) == {path}

    def arrives(self, *paths: str) -> dict[str, list[bytes]]:
        assert await_true(lambda: set(paths) <= set(self.inbox()), 60), (paths, self.inbox())
        self.rests()
        return self.inbox()


@pytest.fixture
def folder(stack: Stack, tmp_path: Path) -> Iterator[Folder]:
    made = Folder(stack, tmp_path, "".join(next(LETTERS)).ljust(26, "a"))
    made.root.mkdir(parents=True)
    yield made
    made.end()


def test_what_lay_there_before_the_start_comes_in(folder: Folder) -> None:
    (folder.root / "Spring").mkdir()
    (folder.root / "Spring" / "a.jpg").write_bytes(b"a")

    folder.begin()

    assert folder.arrives("Spring/a.jpg") == {"Spring/a.jpg": [b"a"]}


def test_a_file_that_a_program_still_holds_open_waits_until_it_is_done(folder: Folder) -> None:
    folder.begin()
    with (folder.root / "stalled.jpg").open("wb", buffering=0) as out:
        out.write(b"half")
        (folder.root / "other.jpg").write_bytes(b"x")
        folder.arrives_alone("other.jpg")
        out.write(b"half")

    assert folder.arrives("stalled.jpg")["stalled.jpg"] == [b"halfhalf"]


def test_a_slow_writer_gives_one_whole_version(folder: Folder) -> None:
    folder.begin()

    with (folder.root / "slow.jpg").open("wb", buffering=0) as out:
        for _ in range(5):
            out.write(b"part")
    found = folder.arrives("slow.jpg")

    assert found["slow.jpg"][-1] == b"part" * 5


def test_a_folder_that_is_moved_in_comes_in_whole(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "Shoot"
    (outside / "Deep").mkdir(parents=True)
    (outside / "Deep" / "one.jpg").write_bytes(b"1")
    (outside / "two.jpg").write_bytes(b"2")
    folder.begin()

    outside.rename(folder.root / "Shoot")

    assert set(folder.arrives("Shoot/Deep/one.jpg", "Shoot/two.jpg")) == {"Shoot/Deep/one.jpg", "Shoot/two.jpg"}


def test_a_file_that_changes_while_it_is_read_is_read_again(folder: Folder) -> None:
    folder.while_reading[f"{folder.workspace}/moving.jpg"] = "newer"
    (folder.root / "moving.jpg").write_bytes(b"older")

    folder.begin()

    assert folder.arrives("moving.jpg")["moving.jpg"][-1] == b"newer"


def test_new_bytes_under_an_old_name_are_a_second_version(folder: Folder) -> None:
    folder.begin()
    (folder.root / "a.jpg").write_bytes(b"one")
    folder.arrives("a.jpg")

    (folder.root / "a.jpg").write_bytes(b"three")
    assert await_true(lambda: len(folder.inbox()["a.jpg"]) == 2, 60)

    assert folder.inbox()["a.jpg"] == [b"one", b"three"]


def test_a_restart_sends_nothing_twice(folder: Folder) -> None:
    (folder.root / "a.jpg").write_bytes(b"a")
    folder.begin()
    folder.arrives("a.jpg")
    folder.end()

    (folder.root / "b.jpg").write_bytes(b"b")
    folder.begin()
    folder.arrives("b.jpg")

    assert folder.puts == [f"{folder.workspace}/a.jpg", f"{folder.workspace}/b.jpg"]


def test_an_outage_of_s3_loses_no_file(folder: Folder) -> None:
    folder.outages = 2
    (folder.root / "a.jpg").write_bytes(b"a")

    folder.begin()

    assert folder.arrives("a.jpg") == {"a.jpg": [b"a"]}


def test_a_file_over_the_limit_is_refused_once_where_a_person_sees_it(folder: Folder) -> None:
    with (folder.root / "huge.psd").open("wb") as out:
        out.truncate(LIMIT_BYTES + 1)
    folder.begin()
    assert await_true(lambda: bool(folder.refused), 60)
    folder.end()

    folder.begin()
    folder.rests()

    assert folder.refused == [(folder.workspace, "huge.psd", LIMIT_BYTES + 1)]
    assert folder.inbox() == {}


def test_a_large_file_comes_in_by_parts(folder: Folder) -> None:
    whole = os.urandom(1024) * 9 * 1024
    (folder.root / "large.tif").write_bytes(whole)

    folder.begin()

    assert folder.arrives("large.tif")["large.tif"][-1] == whole


def test_a_name_that_is_no_text_is_refused_with_its_bytes_shown(folder: Folder) -> None:
    Path(os.fsdecode(os.fsencode(folder.root) + b"/bad-\xff.jpg")).write_bytes(b"x")
    (folder.root / "good.jpg").write_bytes(b"x")

    folder.begin()
    folder.arrives("good.jpg")

    assert folder.refused == [(folder.workspace, "bad-\\xff.jpg", 1)]


def test_links_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder.root / "link.jpg").symlink_to(tmp_path / "secret.txt")
    (folder.root / "linked").symlink_to(tmp_path)
    (folder.root / "real.jpg").write_bytes(b"real")

    folder.begin()

    assert folder.arrives("real.jpg") == {"real.jpg": [b"real"]}


def test_a_tree_deeper_than_anyone_can_walk_stops_nothing(folder: Folder) -> None:
    here = os.open(folder.root, os.O_RDONLY)
    for name in ["e"] * 1500 + ["d" * 200] * 20:
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    (folder.root / "flat.jpg").write_bytes(b"x")

    folder.begin()

    assert folder.arrives("flat.jpg") == {"flat.jpg": [b"x"]}
    subprocess.run(["rm", "-rf", str(folder.root)], check=True)  # pytest could not


W = "a" * 26


@pytest.mark.parametrize("name", [".hidden.jpg", ".git/x.jpg", "~$x.docx", "x.part", "x.CRDOWNLOAD", "x.tmp"])
def test_unfinished_and_hidden_files_stay_outside(name: str) -> None:
    assert isinstance(judge(PurePath(W, name)), Skipped)


def test_a_file_beside_the_workspaces_belongs_to_nobody() -> None:
    assert isinstance(judge(PurePath("x.jpg")), Skipped)


def test_a_decomposed_name_is_composed() -> None:
    assert judge(PurePath(W, "u\u0308.jpg")) == Named(f"{W}/\u00fc.jpg")


def test_a_name_too_long_for_s3_is_refused() -> None:
    assert isinstance(judge(PurePath(W, *["d" * 200] * 5, "x.jpg")), Refused)
