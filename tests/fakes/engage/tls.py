"""A server of the tests over https, because MSAL signs in over nothing else: with a CA of the test's own."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.types import ASGIApp


class Papers(NamedTuple):
    """A certificate for loopback and its key in one PEM file, and the certificate alone, to be trusted."""

    server: Path
    trusted: Path


def papers(folder: Path) -> Papers:
    """Make a certificate for localhost that vouches for itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - TLS holds it to the machine's clock
    addresses = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server, trusted = folder / "server.pem", folder / "trusted.pem"
    server.write_bytes(private + public)
    trusted.write_bytes(public)
    return Papers(server, trusted)


@contextlib.contextmanager
def serving(app: ASGIApp, certificate: Path | None = None) -> Iterator[str]:
    """Serve an application on a free loopback port in a thread; gives its address without trailing slash."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=2,
        ssl_certfile=str(certificate) if certificate else None,
        # Clients keep what they do not have to close, and over TLS the server would wait for them.
        headers=[("Connection", "close")],
    )
    server = uvicorn.Server(config)
    # The socket listens before the thread runs: whoever calls waits, and is not refused.
    listening.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://localhost:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
