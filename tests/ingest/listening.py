"""A server on this machine that counts who comes: nobody should."""

import socket
from threading import Thread


class Listening:
    """Listens until it is closed."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self._came = 0
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"
        Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                came, _ = self.socket.accept()
            except OSError:
                return
            self._came += 1
            came.close()

    def heard(self) -> int:
        """How many came before this call, which comes itself: so all who came earlier are counted."""
        with socket.create_connection(self.socket.getsockname()) as last:
            last.recv(1)
        self._came -= 1
        return self._came

    def close(self) -> None:
        """End it."""
        self.socket.close()
