"""TLS in front of a plain server on loopback: bytes in, bytes out.

with TlsFront(certificate_path, port_behind) as front:
    front.port                   # speaks TLS, with that certificate
    front.connections            # how many came so far
"""

import contextlib
import socket
import ssl
import threading

CHUNK_BYTES = 65536


class TlsFront:
    """Listens on a free port until the block ends."""

    def __init__(self, certificate, port_behind):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._behind = port_behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.connections = 0

    def _serve(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._join, args=(connection,), daemon=True).start()

    def _join(self, connection):
        """Pass on both directions until one side has enough; a failed handshake is one."""
        with contextlib.suppress(OSError), self._context.wrap_socket(
            connection, server_side=True
        ) as outside, socket.create_connection(("127.0.0.1", self._behind)) as inside:  # fmt: skip
            threading.Thread(target=_pump, args=(inside, outside), daemon=True).start()
            _pump(outside, inside)

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
