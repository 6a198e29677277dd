"""`make run`: Packshot on this machine, until Ctrl-C.

python -m infra.local
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from infra.local import apply, children, homes, runner, template, tools

LOOK_S = 0.2
EXPECTED = (
    homes.HomeError,
    runner.RunnerError,
    children.ChildError,
    tools.ToolsError,
    apply.ApplyError,
    template.TemplateError,
)
"""What can go wrong with a person's machine or folder; each text is a sentence for the terminal."""


def main() -> int:
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    home, begun = homes.folder(os.environ), time.monotonic()
    try:
        with homes.held(home):
            return _run(home, begun, stopping)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(home: Path, begun: float, stopping: threading.Event) -> int:
    instance = runner.Runner(home, runner.prepared(home, dict(os.environ)), tools.ensure(tools.folder()))
    instance.start()
    print(runner.greeting(instance, time.monotonic() - begun), flush=True)
    try:
        while not stopping.wait(LOOK_S):
            instance.watch()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        instance.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
