"""The background of the product as a process: queues, schedules, and the sweep of expired rows.

python -m infra.local.pump_main
"""

import logging
import os
import signal
import sys
import threading
import time

import boto3
from botocore.config import Config

from infra.local import apply, clock, homes, pump, sweep
from infra.local.tools import ROOT

LOG = logging.getLogger(__name__)
OVERLAY = ROOT / "infra" / "app.yml"


def crash() -> None:
    """A thread that ends is a bug; the runner starts us anew and shows the log."""
    os._exit(70)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    stopping, parent = threading.Event(), os.getppid()

    def stop(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(0)  # the runner is gone: the next one must not meet us still at work
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    app = pump.load_app()
    client = boto3.client("sqs", config=Config(max_pool_connections=32, retries={"max_attempts": 1}))
    jobs = pump.Pump(client, pump.jobs(app, OVERLAY), crash)
    ticking = clock.Clock(clock.schedules(app), homes.folder(os.environ), crash)
    jobs.start()
    ticking.start()
    LOG.info("the pump runs")
    while not stopping.wait(sweep.PAUSE_S):
        _sweep()
    ticking.stop()
    return 0 if jobs.stop() else 1


def _sweep() -> None:
    dynamodb = boto3.client("dynamodb")
    parameters = {"Stage": os.environ["PACKSHOT_STAGE"], "AppOrigin": os.environ["PACKSHOT_URL"]}
    for table, attribute in sweep.expiring(apply.DATA_STACK, parameters).items():
        try:
            if gone := sweep.sweep(dynamodb, table, attribute, int(time.time())):
                LOG.info("%s expired rows left %s", gone, table)
        except Exception as error:  # an outage: the next round is in a minute
            LOG.warning("the sweep of %s waits: %s", table, error)


if __name__ == "__main__":
    sys.exit(main())
