"""The questions that a real account is asked are answered by the stand-in as we say it does."""

from pathlib import Path

from chalicelib.adapters.drive_google import GoogleDrive
from conformance.drive import answers
from tests.drives import a_drive


def test_the_stand_in_answers_every_question_for_a_real_drive_and_keeps_nothing_but_the_trash(tmp_path: Path) -> None:
    with a_drive(tmp_path) as place:
        drive = GoogleDrive(place.url, place.credentials, writes=True, spread=lambda: 0.5, sleep=lambda _seconds: None)

        found = list(answers(drive, place.photos, pause_s=0.2))

        assert [one for one in found if not one.is_same] == []
        assert len(found) > 12
        left = place.api.files().list(q=f"'{place.photos}' in parents and trashed = false").execute()["files"]
        assert left == []
