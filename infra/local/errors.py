"""What can go wrong with a person's machine or folder.

Imports nothing, so that set-up on a bare Python may use it too.
"""


class LocalError(Exception):
    """Packshot cannot run here as things are; the text is whole sentences for the terminal."""
