"""`make seed N=100000`: fill this machine's library with made-up assets, beside a running `make run` or without one.

python -m infra.seed [N]
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from infra.local import homes, runner, tools
from infra.local.errors import LocalError

_EVERY_S = 2.0


class Progress:
    """Says how far it is, a line every other second."""

    def __init__(self) -> None:
        self._begun_s = time.monotonic()
        self._next_s = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if now_s >= self._next_s or done >= total:
            self._next_s = now_s + _EVERY_S
            print(f"  {what:<7}{done:>9,} of {total:,}   {now_s - self._begun_s:5.0f} s", flush=True)


@contextlib.contextmanager
def instance(home: Path) -> Iterator[homes.Kept]:
    """The instance that runs in `home`; where none runs, one for as long as this takes."""
    if homes.is_running(home):
        if not (home / homes.CONNECTION).exists():
            raise LocalError("Packshot is just starting. Wait until it says that it is ready, then try again.")
        yield homes.keep(home)
        return
    with homes.held(home):
        own = runner.Runner(home, runner.prepared(home, os.environ), tools.ensure(tools.folder()))
        try:
            own.start()
            yield own.kept
        finally:
            own.stop()


def main(words: list[str]) -> int:
    """0 when the library is there; 1 with a reason; 2 when N is no number of assets; 130 after Ctrl-C."""
    wanted = words[0].replace(",", "").replace("_", "") if words else "100000"
    if len(words) > 1 or not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= 10_000_000):
        sys.stderr.write("How many assets? For example: make seed N=100000\n")
        return 2
    try:
        with instance(homes.folder(os.environ)) as kept:
            return _seed(homes.folder(os.environ), kept, int(wanted))
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Run it again to go on.\n")
        return 130


def _seed(home: Path, kept: homes.Kept, total: int) -> int:
    os.environ.update(runner.settings_for(home, kept).child_environment())
    # The product reads its settings once, so it is loaded only now.
    from chalicelib import wiring
    from chalicelib.domain.ids import WorkspaceId
    from chalicelib.errors import PackshotError
    from infra.seed import fill

    begun_s = time.monotonic()
    try:
        new = fill.fill(wiring.context(), WorkspaceId(kept.workspace), total, Progress())
    except PackshotError as problem:
        raise LocalError(f"{problem.message} What is written stays; run it again to go on.") from problem
    print(f"{new:,} assets are new, {total:,} are there, in {time.monotonic() - begun_s:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
