"""Servers below HTTP's manners, on loopback: each test says byte by byte how they answer."""

import datetime
import ipaddress
import socket
import threading
import time
from contextlib import contextmanager

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: "


@contextmanager
def server(talk, context=None):
    """A server on a free port; `talk(connection, request)` answers each request."""
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def hold(connection):
        try:
            connection = (
                context.wrap_socket(connection, server_side=True) if context else connection
            )
            with connection:
                while request := connection.recv(65536):
                    talk(connection, request)
        except OSError:
            pass

    def serve():
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            accepted.append(connection)
            threading.Thread(target=hold, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    scheme = "https" if context else "http"
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/x", accepted
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def well(connection, _request):
    """A small good answer."""
    connection.sendall(HEAD + b"2\r\n\r\n{}")


def drips(head):
    """An answer that never ends and never pauses long."""

    def talk(connection, _request):
        connection.sendall(head)
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.1)

    return talk


def self_signed(folder, *names):
    """A certificate for these names or addresses that nobody has signed but itself; its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([_general_name(one) for one in names]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


def _general_name(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
