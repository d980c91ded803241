"""A candidate's browser as far as the hall sees it: plain HTTP."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.bridge.trust import well_known
from tests.hall.packs import number_of


class Browser:
    """Signs in by ticket and ID number, at a computer of that address; remembers its seat token."""

    def __init__(self, url: str, index: int = 0, prefix: str = "p1", *, address: str | None = None) -> None:
        self.client = httpx.Client(
            base_url=url,
            timeout=10,
            trust_env=False,
            transport=httpx.HTTPTransport(verify=well_known(), local_address=address),
        )
        self.ticket, self.number = f"{prefix}-t{index}", number_of(index)
        self.revs: dict[str, int] = {}
        self.key: dict[str, Any] = {}

    def sign_in(self, number: str | None = None) -> httpx.Response:
        reply = self.client.post("/api/sign-in", json={"ticket": self.ticket, "id_number": number or self.number})
        if reply.status_code == 200:
            self.client.headers["authorization"] = f"Bearer {reply.json()['token']}"
        return reply

    def start(self) -> Browser:
        assert self.sign_in().status_code == 200
        opened = self.client.post("/api/key", json={})
        assert opened.status_code == 200
        self.key = opened.json()
        return self

    def opened(self) -> list[dict[str, Any]]:
        """The paper's items, opened with the key as the page does it."""
        sealed = self.client.get("/api/paper").json()
        cipher = AESGCM(base64.b64decode(self.key["key"]))
        plain = cipher.decrypt(base64.b64decode(sealed["nonce"]), base64.b64decode(sealed["sealed"]), None)
        return list(json.loads(plain))

    def save(self, item: str, choice: str, rev: int | None = None) -> httpx.Response:
        rev = rev if rev is not None else self.revs.get(item, 0) + 1
        self.revs[item] = max(rev, self.revs.get(item, 0))
        change = {"item": item, "choice": choice, "rev": rev, "at": 0}
        return self.client.post("/api/answers", json={"answers": [change]})

    def state(self) -> dict[str, Any]:
        return dict(self.client.get("/api/state").json())

    def hand_in(self) -> httpx.Response:
        return self.client.post("/api/hand-in", json={})
