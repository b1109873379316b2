"""A mail server and a gateway on loopback that keep what they get, and answer as a test tells them."""

import socketserver
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Sink:
    """A server in a thread of its own for the length of a `with`."""

    def __enter__(self):
        self.server = self.make_server()
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class SmtpSink(Sink):
    """`mails`: headers and body as they came; `refusals`: part of a recipient → the answer to RCPT TO."""

    def __init__(self):
        self.mails: list[str] = []
        self.refusals: dict[str, str] = {}

    def make_server(self):
        sink = self

        class Talk(socketserver.StreamRequestHandler):
            def say(self, text: str):
                self.wfile.write(text.encode() + b"\r\n")

            def handle(self):
                self.say("220 sink")
                while line := self.rfile.readline().decode().strip():
                    verb = line[:4].upper()
                    if verb == "DATA":
                        self.say("354 go on")
                        sink.mails.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                        self.say("250 kept")
                    elif verb == "RCPT":
                        self.say(next((answer for who, answer in sink.refusals.items() if who in line), "250 ok"))
                    else:
                        self.say("221 bye" if verb == "QUIT" else "250 ok")
                    if verb == "QUIT":
                        return

        return socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)


@dataclass(frozen=True)
class Call:
    headers: dict
    body: bytes


class HttpSink(Sink):
    """`calls`: what came; `answers`: statuses to give in turn, 200 when there are none left."""

    def __init__(self):
        self.calls: list[Call] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"

    def make_server(self):
        sink = self

        class Talk(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                sink.calls.append(Call(dict(self.headers), body))
                self.send_response(sink.answers.pop(0) if sink.answers else 200)
                self.send_header("Location", sink.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Nothing into the test's output."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Talk)
