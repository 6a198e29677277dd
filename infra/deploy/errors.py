"""What can go wrong with a deployment."""


class DeployError(Exception):
    """It stops here; the text says what was found, what was left as it was, and what to do."""
