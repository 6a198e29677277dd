"""Folders that are new in the index of a Drive, or are compared: one folder a question, its page kept."""

from dataclasses import replace

from chalicelib.domain.drive import Entry
from chalicelib.errors import Gone, NotFound
from chalicelib.services import drive_news
from chalicelib.services.drive_following import Following


def list_folders(this: Following) -> None:
    """List what is to be listed, with what that finds; then a comparison that ran is over."""
    for entry in this.all_work("1list"):
        _list(this, entry)
    if this.memory.get("comparing"):
        this.run.keep(memory={**this.memory, "comparing": False})


def _list(this: Following, entry: Entry) -> None:
    page, seen, is_whole = entry.page, set[str](), entry.page is None
    while True:
        try:
            found = this.drive.children(entry.file, page)
        except Gone:
            entry = this.write(entry, replace(entry, page=None))
            page, is_whole = None, False
            continue
        except NotFound:
            if not entry.is_root:
                this.write(entry, replace(entry, todo="5missing"))
            return
        is_whole = is_whole and found.is_complete
        seen |= {one.id for one in found.files}
        drive_news.absorb(this, [(one.id, one) for one in found.files], None, folder=entry)
        page = found.next
        if page is None:
            break
        entry = this.write(entry, replace(entry, page=page))
    if is_whole:
        this.change((one for one in this.inside(entry) if one.id not in seen), _missed)
    this.write(entry, replace(entry, todo="", page=None))


def _missed(one: Entry) -> Entry | None:
    return replace(one, todo="5missing") if one.state == "linked" else None
