"""A cable between the web process and the database that a story can cut and mend: a plain TCP forwarder."""

import contextlib
import socket
import threading


class Cable:
    """Forwards connections to `target` (host, port) until it is cut; then it hangs up and refuses."""

    def __init__(self, target: tuple[str, int]):
        self.target = target
        self.port = 0
        self.lines: list[socket.socket] = []
        self.door: socket.socket | None = None

    def mend(self) -> None:
        """Listen, on the same port again after a cut."""
        self.door = socket.socket()
        self.door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.door.bind(("127.0.0.1", self.port))
        self.port = self.door.getsockname()[1]
        self.door.listen(64)
        threading.Thread(target=self._accept, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        door, self.door = self.door, None
        for line in [door, *self.lines]:
            if line is not None:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                line.close()
        self.lines.clear()

    def _accept(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            self.lines += [near, far]
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=ends, daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
