"""A questionnaire page and a small server that speaks its contract, for the tests of answer.js in a real browser."""

import base64
import hashlib
import json
import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

OPTIONS = ["完全不会", "好几天", "一半以上的天数", "几乎每天"]
WORDS = ["没有兴趣", "心情低落", "睡不好", "没有活力", "胃口不好"]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
)


def page(revision: int = 0, answers: dict[int, int] | None = None, draft: str = "sitting-1", **more) -> str:
    given = answers or {}
    items = [{"n": n, "text": text, "options": OPTIONS, "answer": given.get(n)} for n, text in enumerate(WORDS, 1)]
    return render_to_string(
        "answer/base_answer.html",
        {
            "scale": SimpleNamespace(code="PHQ-9", name="最近两周的感受", instructions="没有对错。"),
            "pages": [{"items": items[:3]}, {"items": items[3:]}],
            "revision": revision,
            "draft_id": draft,
            "client_key": "0b6f2a52-7f64-4a53-9a55-8b1b0e1c2d3e",
            **{f"{name}_url": f"/{name}" for name in ("save", "submit", "decline", "talk", "not_me")},
            "student_label": "七（3）班 12 号",
            "copy_key": base64.b64encode(hashlib.sha256(draft.encode()).digest()).decode(),
            **more,
        },
        request=RequestFactory().get("/"),
    )


class Desk(BaseHTTPRequestHandler):
    """Answers by `server.mode`: up, busy (503), stale (409 once, with `server.stored`), over (409), gone (403).

    Keeps what it was sent.
    """

    def log_message(self, *args: object) -> None:
        """Quiet: what was sent is kept in `server.sent`."""

    def reply(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def reply_page(self, html: str) -> None:
        self.reply(200, html.encode(), "text/html; charset=utf-8")

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            path = finders.find(self.path.removeprefix("/static/"))
            kind = mimetypes.guess_type(self.path)[0] or "text/plain"
            self.reply(200, Path(path).read_bytes(), kind) if path else self.reply(404, b"")
        elif self.path == "/":
            self.reply_page(self.server.page)
        else:
            self.reply_page(render_to_string("answer/base_end.html", {"receipt": "A7K2"}))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if "json" not in self.headers["Content-Type"]:
            self.server.sent.append((self.path, raw.decode()))
            return self.reply_page(render_to_string("answer/base_end.html", {}))
        data = json.loads(raw)
        self.server.sent.append((self.path, data))
        if self.server.mode == "stale":
            self.server.mode = "up"
            return self.reply(409, json.dumps({"saved": 9, "answers": self.server.stored}).encode())
        if self.server.mode != "up":
            return self.reply({"busy": 503, "over": 409, "gone": 403}[self.server.mode], b"{}")
        answer = {"receipt": "A7K2", "next": "/end"} if self.path == "/submit" else {"saved": data.get("revision", 0)}
        return self.reply(200, json.dumps(answer).encode())


def serve() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    server.mode, server.sent, server.stored, server.page = "up", [], {}, page()
    Thread(target=server.serve_forever, daemon=True).start()
    return server
