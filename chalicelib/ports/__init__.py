"""The outside world as Packshot sees it. One conformance suite a port in `tests/contracts/`."""
