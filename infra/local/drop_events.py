"""What the operating system tells of the drop folder, as names of paths."""

import logging
import os
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from infra.local.drop_files import files

LOG = logging.getLogger(__name__)
OUR_OWN_READING = {"opened", "closed_no_write"}


class Name(Protocol):
    """Told that something happened to a path; `closed`: its writer is done."""

    def __call__(self, path: Path, *, closed: bool = False) -> None: ...


class Listener:
    """Names every path below `root` to which something happens, until `stop`."""

    def __init__(self, root: Path, name: Name) -> None:
        self._root, self._name = root, name
        self._observer: BaseObserver | None = None

    def start(self) -> None:
        """Listen, if the system allows it: a full table of watches or too deep a tree is no reason to stop."""
        observer = Observer()
        observer.schedule(_Events(self._name), str(self._root), recursive=True)
        try:
            observer.start()
        except (OSError, RecursionError) as error:
            LOG.warning("no file events here (%s): only looking helps", error)
        else:
            self._observer = observer

    def is_listening(self) -> bool:
        """Whether events come; a folder moved in can end that too."""
        found = self._observer
        return found is not None and found.is_alive() and all(one.is_alive() for one in found.emitters)

    def stop(self) -> None:
        if self._observer is not None:
            self._observer.stop()


class _Events(FileSystemEventHandler):
    """Turns every event but those of our own reading into a name."""

    def __init__(self, name: Name) -> None:
        self._name = name

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in OUR_OWN_READING:
            return
        path = event.dest_path if event.event_type == "moved" else event.src_path
        here = Path(os.fsdecode(path))
        if not event.is_directory:
            self._name(here, closed=event.event_type == "closed")
        elif event.event_type in {"created", "moved"}:
            # A folder moved in brings files that have no event of their own.
            for inner, _ in files(here):
                self._name(inner)
