"""A buyer's browser without its page: the cookie that the studio gives, and the token that its pages carry."""

import hashlib
import hmac
import json

import requests
from itsdangerous import URLSafeSerializer


class Phone:
    """Commands the public calls of a LiveStudio as the browser `name`."""

    def __init__(self, live, name="phone"):
        key = json.loads((live.data_dir / "tokens.json").read_text("utf-8"))["cookie_key"]
        self.url = live.url
        self.cookies = {"linli_visitor_0": URLSafeSerializer(key, salt="visitor").dumps(name)}
        self.csrf = hmac.new(key.encode(), b"csrf" + name.encode(), hashlib.sha256).hexdigest()

    def post(self, path, body, *, csrf=None):
        return requests.post(
            f"{self.url}/api/v1/public{path}",
            json=body,
            headers={"X-CSRF-Token": self.csrf if csrf is None else csrf},
            cookies=self.cookies,
            timeout=20,
        )

    def vote(self, poll, place):
        return self.post(f"/polls/{poll['id']}/vote", {"option_id": poll["options"][place]["id"]})
