"""Run two commands side by side: `python -m infra.beside QUIET SEEN`.

For work that mostly waits, or keeps one core busy, beside work that takes what is left. QUIET's words are kept back
and said whole when all is over, so that the two never mix; SEEN speaks as it goes. The first that fails ends the
other, and its exit code is ours.
"""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from infra.local import children
from infra.local.polling import await_true

PAUSE_S = 0.1


def main(words: Sequence[str]) -> int:
    """0 when both have succeeded. Both have ended on return, however we end (children.py)."""
    quiet_words, seen_words = words
    with tempfile.TemporaryFile() as said:
        quiet = children.spawn(shlex.split(quiet_words), os.environ, said)
        seen = children.spawn(shlex.split(seen_words), os.environ, sys.stdout.buffer)
        try:
            await_true(lambda: _is_decided(quiet, seen), float("inf"), PAUSE_S)
            codes = [one.poll() for one in (quiet, seen)]
        finally:
            children.stop(seen)
            children.stop(quiet)
        said.seek(0)
        # What was cut off because the other failed has nothing to say; the failure stays the last thing on screen.
        if codes[0] is not None:
            sys.stdout.write(f"\n=== {quiet_words}\n{said.read().decode(errors='replace')}")
    return next((code for code in codes if code), 0)


def _is_decided(*both: "subprocess.Popen[bytes]") -> bool:
    """Whether one has failed or both have ended."""
    codes = [one.poll() for one in both]
    return None not in codes or any(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
