"""The sample pictures of a new home: they come once, and a person who deletes them is believed."""

import shutil
from pathlib import Path

import pytest

from infra.local import homes, sample
from infra.sample import catalogue


def start(home: Path, **environment: str) -> None:
    """What a start does to the files, without its processes."""
    sample.lay_out(home, environment)
    homes.keep(home)
    sample.hand_in(home, home / "drop")


def dropped(home: Path) -> set[str]:
    return {path.relative_to(home / "drop").as_posix() for path in (home / "drop").rglob("*") if path.is_file()}


def test_the_first_start_hands_in_the_whole_library(tmp_path: Path) -> None:
    start(tmp_path)

    assert dropped(tmp_path) == catalogue.load().paths
    assert not sample.laid_out(tmp_path).exists()


def test_what_a_person_deletes_does_not_come_back_with_the_next_start(tmp_path: Path) -> None:
    start(tmp_path)
    shutil.rmtree(tmp_path / "drop")

    start(tmp_path)

    assert dropped(tmp_path) == set()


@pytest.mark.parametrize("later", [{}, {"PACKSHOT_SAMPLE": "1"}])
def test_a_home_that_began_without_the_library_never_gets_it(tmp_path: Path, later: dict[str, str]) -> None:
    start(tmp_path, PACKSHOT_SAMPLE="0")

    start(tmp_path, **later)

    assert dropped(tmp_path) == set()


def test_a_start_killed_while_copying_begins_anew(tmp_path: Path) -> None:
    (tmp_path / ".sample" / "Press").mkdir(parents=True)
    (tmp_path / ".sample" / "Press" / "half.jpg").write_bytes(b"half")

    start(tmp_path)

    assert dropped(tmp_path) == catalogue.load().paths


def test_a_start_killed_while_handing_in_goes_on_with_the_rest_and_repeats_nothing(tmp_path: Path) -> None:
    first, *rest = sorted(catalogue.load().paths)
    sample.lay_out(tmp_path, {})
    homes.keep(tmp_path)
    (sample.laid_out(tmp_path) / first).unlink()  # it was handed in, and its owner took it away again

    start(tmp_path)

    assert dropped(tmp_path) == set(rest)


def test_switching_the_library_off_takes_back_what_was_not_handed_in(tmp_path: Path) -> None:
    sample.lay_out(tmp_path, {})
    homes.keep(tmp_path)

    start(tmp_path, PACKSHOT_SAMPLE="0")
    start(tmp_path)

    assert dropped(tmp_path) == set()


def test_a_persons_own_file_of_the_same_name_stays(tmp_path: Path) -> None:
    path = sorted(catalogue.load().paths)[0]
    own = tmp_path / "drop" / path
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")

    start(tmp_path)

    assert own.read_bytes() == b"mine"
    assert dropped(tmp_path) == catalogue.load().paths


def test_a_drop_folder_that_takes_nothing_makes_the_pictures_wait(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "drop").write_text("a file")

    start(tmp_path)
    (tmp_path / "drop").unlink()
    said = capsys.readouterr().err
    start(tmp_path)

    assert said.startswith("The sample pictures wait for the next start:")
    assert dropped(tmp_path) == catalogue.load().paths
