"""Serve API, web app and pictures with gunicorn: two processes, four threads each, on 127.0.0.1.

python -m infra.local.server PORT MEDIA_PORT
"""

import gc
import logging
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from infra.local import children, wsgi

PROCESSES = 2
THREADS = 4
GRACE_S = 3
REQUEST_LIMIT_S = 60


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without a configuration file; the product is imported once, before the processes part."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": [f"127.0.0.1:{port}" for port in self._ports],
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "keepalive": 75,
            "timeout": REQUEST_LIMIT_S,
            "graceful_timeout": GRACE_S,
            "limit_request_line": 0,  # gateway.py has the limit, and says so in a problem
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": _after_fork,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        application = wsgi.make()
        gc.freeze()
        return application


def _after_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 gunicorn counts the parameters
    """A worker must not outlive a killed parent, or the port stays taken."""
    children.die_with_parent()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Server([int(port) for port in sys.argv[1:3]]).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
