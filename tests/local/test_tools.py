"""Emulators are whole and what was pinned, or are not used."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from infra.local import tools


def small_wheel(folder: Path) -> Path:
    """A package of one empty module."""
    place = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(place, "w") as out:
        out.writestr("tiny.py", "")
        out.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        out.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        out.writestr("tiny-1.0.dist-info/RECORD", "")
    return place


def test_a_package_with_another_hash_than_its_pin_is_refused(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text(f"tiny @ file://{small_wheel(tmp_path)} --hash=sha256:{'0' * 64}\n")

    with pytest.raises(tools.ToolsError, match=r"pip could not install what pins.txt pins[\s\S]*Expected sha256 0000"):
        tools._venv(tmp_path / "box", pins)

    assert not list((tmp_path / "box").glob("lib/*/site-packages/tiny.py"))


def test_a_changed_program_is_refused(tmp_path: Path) -> None:
    whole = tools.found(tools.folder())
    (tmp_path / "emulator" / "bin").mkdir(parents=True)
    (tmp_path / "emulator" / "bin" / "python").symlink_to(whole.emulator_python)
    shutil.copytree(whole.dynoxide.parent, tmp_path / "dynoxide")
    assert tools.found(tmp_path).dynoxide == tmp_path / "dynoxide" / "dynoxide"

    with (tmp_path / "dynoxide" / "dynoxide").open("r+b") as program:
        program.write(b"\0")

    with pytest.raises(tools.ToolsError, match="not the program that was pinned"):
        tools.found(tmp_path)


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(tools.ToolsError, match="emulator/bin/python is missing: run `make setup`"):
        tools.found(tmp_path)


def installing(into: Path, text: str, stamp: str, fails: bool = False) -> list[str]:
    """Install a tool of one file; what was said."""
    said: list[str] = []

    def install(place: Path) -> None:
        (place / "tool").write_text(text)
        if fails:
            raise tools.ToolsError("the line went dead")

    tools._installed(into / "box" / "tool", stamp, install, said.append)
    return said


def test_an_installation_that_broke_off_leaves_nothing_half_and_the_next_one_mends_it(tmp_path: Path) -> None:
    with pytest.raises(tools.ToolsError, match="line went dead"):
        installing(tmp_path, "half", "1", fails=True)
    assert not (tmp_path / "box").exists()

    assert installing(tmp_path, "whole", "1") == [f"Installing box into {tmp_path} (once) …"]

    assert (tmp_path / "box" / "tool").read_text() == "whole"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["box"]


def test_what_is_whole_is_not_installed_again(tmp_path: Path) -> None:
    installing(tmp_path, "first", "1")

    assert installing(tmp_path, "second", "1") == []
    assert (tmp_path / "box" / "tool").read_text() == "first"


@pytest.mark.parametrize("lost", ["STAMP", "tool"])
def test_a_tool_that_lost_a_file_is_installed_again(tmp_path: Path, lost: str) -> None:
    installing(tmp_path, "first", "1")
    (tmp_path / "box" / lost).unlink()

    installing(tmp_path, "second", "1")

    assert (tmp_path / "box" / "tool").read_text() == "second"


def test_a_new_pin_replaces_the_tool_and_a_failed_one_keeps_the_old(tmp_path: Path) -> None:
    installing(tmp_path, "first", "1")
    with pytest.raises(tools.ToolsError):
        installing(tmp_path, "half", "2", fails=True)
    assert (tmp_path / "box" / "tool").read_text() == "first"

    installing(tmp_path, "second", "2")

    assert (tmp_path / "box" / "tool").read_text() == "second"


def programs(folder: Path, *names: str) -> str:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_the_npm_of_the_machine_is_taken_only_with_its_node(tmp_path: Path) -> None:
    both = programs(tmp_path / "both", "npm", "node")
    npm, node = programs(tmp_path / "npm", "npm"), programs(tmp_path / "node", "node")

    assert tools.npm_on(both) == f"{both}/npm"
    assert tools.npm_on(npm) is None
    assert tools.npm_on(node) is None
    assert tools.npm_on(os.pathsep.join([node, npm])) == f"{npm}/npm"
    assert tools.npm_on("") is None
