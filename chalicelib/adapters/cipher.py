"""Cipher with AES-256-GCM under a key derived from the stage's master key.

The master key is an SSM SecureString, which KMS keeps, or lies in the home of `make run`; nothing else opens a secret.
"""

import base64
import binascii
from collections.abc import Callable

from chalicelib.errors import UpstreamRejected

_NONCE_BYTES = 12


class AesCipher:
    """Texts sealed to what they are about. The library is loaded when the first text is sealed or opened."""

    def __init__(self, key: Callable[[], bytes], random_bytes: Callable[[int], bytes]) -> None:
        self._key, self._random_bytes = key, random_bytes

    def seal(self, about: str, text: str) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key()).encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, about: str, sealed: str) -> str:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(self._key()).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as problem:
            raise UpstreamRejected("The stored credentials cannot be opened. Enter them again.") from problem
