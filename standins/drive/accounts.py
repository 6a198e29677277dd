"""Who may sign in to the stand-in: a user by refresh token, and a service account by its key, as at Google."""

import base64
import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from standins.drive.contract import Refused

LIFETIME = timedelta(hours=1)
_SKEW = timedelta(minutes=5)


class Accounts:
    """One user and one service account; kept on disk, so that credentials stay the same from start to start."""

    def __init__(self, place: Path, user: str) -> None:
        self._place = place / "accounts.json"
        if not self._place.exists():
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            made = {
                "refresh_token": f"1//{secrets.token_urlsafe(32)}", "client_id": "packshot.apps.standin",
                "client_secret": secrets.token_urlsafe(16), "private_key": pem.decode(),
                "client_email": "packshot@standin.iam.gserviceaccount.com",
            }  # fmt: skip
            self._place.write_text(json.dumps(made))
            self._place.chmod(0o600)
        self._known: dict[str, str] = json.loads(self._place.read_text())
        loaded = serialization.load_pem_private_key(self._known["private_key"].encode(), None)
        self._public: Any = loaded.public_key()
        self._user = user
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._readers: set[str] = set()
        self.scope = "https://www.googleapis.com/auth/drive"
        """What the user has agreed to."""
        self.skew_s = 0.0
        """By how much Google's clock is ahead of the caller's when a key is shown."""
        self._is_revoked = False

    @property
    def service_email(self) -> str:
        return self._known["client_email"]

    def user_credentials(self) -> dict[str, str]:
        """What a connection of the user needs."""
        return {name: self._known[name] for name in ("refresh_token", "client_id", "client_secret")}

    def service_account(self, url: str) -> dict[str, str]:
        """A key file."""
        return {
            "type": "service_account", "project_id": "standin", "private_key_id": "1", "client_id": "1",
            "private_key": self._known["private_key"], "client_email": self._known["client_email"],
            "token_uri": f"{url}/token",
        }  # fmt: skip

    def token(self, form: dict[str, str], now: datetime) -> dict[str, Any]:
        """An access token. Raises `Refused` in the shape of the token endpoint."""
        if self._is_revoked:
            raise _grant("Token has been expired or revoked.")
        kind = form.get("grant_type")
        if kind == "refresh_token":
            names = ("refresh_token", "client_id", "client_secret")
            if any(form.get(name) != self._known[name] for name in names):
                raise _grant("Bad Request")
            return self._issue(self._user, now, self.scope)
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            claims = self._asserted(form.get("assertion", ""), now)
            return self._issue(self.service_email, now, str(claims.get("scope", "")))
        raise _grant("Unsupported grant type", "unsupported_grant_type")

    def _asserted(self, assertion: str, now: datetime) -> dict[str, Any]:
        head, _, rest = assertion.partition(".")
        body, _, signature = rest.partition(".")
        try:
            self._public.verify(_raw(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
            claims: dict[str, Any] = json.loads(_raw(body))
        except (InvalidSignature, ValueError) as problem:
            raise _grant("Invalid JWT Signature.") from problem
        issued = datetime.fromtimestamp(claims["iat"], now.tzinfo)
        if claims["iss"] != self.service_email:
            raise _grant("Invalid grant: account not found")
        if abs(datetime.now(now.tzinfo) + timedelta(seconds=self.skew_s) - issued) > LIFETIME + _SKEW:
            raise _grant("Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.")
        return claims

    def _issue(self, who: str, now: datetime, scope: str) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(24)}"
        if scope.endswith(".readonly"):
            self._readers.add(token)
        self._tokens[token] = (who, now + LIFETIME)
        return {"access_token": token, "expires_in": int(LIFETIME.total_seconds()), "token_type": "Bearer"}

    def for_page(self, now: datetime) -> dict[str, Any]:
        """A token of the user for the stand-in's own page."""
        return self._issue(self._user, now, self.scope)

    def may_write(self, header: str) -> bool:
        """Whether the scope of this token reaches that far."""
        return header.removeprefix("Bearer ") not in self._readers

    def who(self, header: str, now: datetime) -> str | None:
        """The address behind an Authorization header; None for none that counts."""
        who, until = self._tokens.get(header.removeprefix("Bearer "), (None, now))
        return who if who and until > now else None

    def renew(self) -> None:
        """The user agrees anew: from now on only the new refresh token counts."""
        self._known["refresh_token"] = f"1//{secrets.token_urlsafe(32)}"
        self._place.write_text(json.dumps(self._known))
        self._tokens.clear()

    def revoke(self) -> None:
        """From now on nothing counts any more, until the next start."""
        self._is_revoked = True
        self._tokens.clear()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _grant(message: str, error: str = "invalid_grant") -> Refused:
    refused = Refused(400, error, message)
    refused.body = {"error": error, "error_description": message}
    return refused
