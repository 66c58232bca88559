"""What counts as a body of a request."""

import flask


class Request(flask.Request):
    """A header that says JSON over no body at all, as Companion and others send, is no JSON."""

    @property
    def is_json(self) -> bool:
        """Whether there is a body, and it says that it is JSON."""
        there = self.content_length or "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        return bool(there) and super().is_json
