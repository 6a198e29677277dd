"""Who may speak to a shop: the app with its client credentials, and the merchant with a token that does not expire."""

import json
import secrets
from pathlib import Path
from typing import Any

from standins.shopify.clock import Clock
from standins.shopify.store import Store

LIFE_S = 86_399
_KEPT = "app.json"


class Accounts:
    """One app that is installed in every shop here. Its secret also signs the webhooks."""

    def __init__(self, place: Path, clock: Clock) -> None:
        self._clock = clock
        kept = place / _KEPT
        if not kept.exists():
            made = {"client_id": secrets.token_hex(16), "client_secret": f"shpss_{secrets.token_hex(16)}"}
            kept.write_text(json.dumps(made))
            kept.chmod(0o600)
        self.app: dict[str, str] = json.loads(kept.read_text())

    def token(self, store: Store, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and body of an answer of the token endpoint."""
        if asked.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if any(asked.get(name) != self.app[name] for name in ("client_id", "client_secret")):
            return 400, {"error": "invalid_client", "error_description": "Client authentication failed"}
        if not store.setting("installed"):
            return 400, {"error": "app_not_installed"}
        token = self._made(store, "app", LIFE_S)
        return 200, {"access_token": token, "scope": ",".join(store.setting("scopes")), "expires_in": LIFE_S}

    def static(self, store: Store, who: str) -> str:
        """The token of `app` or `merchant` that does not expire."""
        found = next((one for one in store.tables["token"].values() if one["_who"] == who and not one["_until"]), None)
        return str(found["id"]) if found else self._made(store, who, None)

    def who(self, store: Store, token: str) -> str | None:
        """`app` or `merchant`; None for a token that is unknown or over."""
        found = store.tables["token"].get(token)
        if found is None or (found["_until"] and found["_until"] <= self._clock.seconds()):
            return None
        return str(found["_who"])

    def revoke(self, store: Store) -> None:
        """Every token of the app is over; new ones may be asked for."""
        for token, one in list(store.tables["token"].items()):
            if one["_who"] == "app":
                store.drop("token", token)

    def _made(self, store: Store, who: str, life_s: float | None) -> str:
        token = f"shpat_{secrets.token_hex(16)}"
        until = self._clock.seconds() + life_s if life_s else None
        store.put("token", {"id": token, "_who": who, "_until": until})
        return token
