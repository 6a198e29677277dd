"""Run the stand-in: python -m standins.rekognition PORT."""

import os
import signal
import sys

from standins.rekognition.server import World, serve


def main() -> int:
    server = serve(World(), int(sys.argv[1]))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
