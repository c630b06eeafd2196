"""A real nginx with the configuration that is shipped, on free ports and with a certificate."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.asyncio.client import connect

from ..parts import HOST, Command, Part, found, free_port, serving

__all__ = ["Proxy", "heard", "proxied"]

SHIPPED = Path(__file__).resolve().parents[3] / "deploy" / "nginx" / "loudscope.conf"
MAIN = """\
{user}daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/loudscope.conf;
}}
"""


class Proxy:
    """nginx before a service.

    Attributes:
        part: Its process; it answers with TLS.
        plain_port: Where it answers without.
        context: Trusts its certificate.
    """

    def __init__(self, part: Part, plain_port: int, context: ssl.SSLContext) -> None:
        self.part, self.plain_port, self.context = part, plain_port, context

    @property
    def url(self) -> str:
        return f"https://{self.part.address}"


@contextmanager
def proxied(folder: Path, upstream: str) -> Iterator[Proxy]:
    """nginx before the service at that address."""
    certificate(folder)
    plain = free_port()
    with serving("nginx", folder, nginx_command(upstream, plain)) as part:
        context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        yield Proxy(part, plain, context)


def nginx_command(upstream: str, plain_port: int) -> Command:
    """nginx in the foreground, with the shipped file and only its places changed."""
    program = found("nginx", "apt-get install nginx")

    def command(port: int, folder: Path) -> list[str]:
        changes = {
            "listen [::]:80;": "",
            "listen [::]:443 ssl;": "",
            "listen 80;": f"listen {HOST}:{plain_port};",
            "listen 443 ssl;": f"listen {HOST}:{port} ssl;",
            "server web:8765 ": f"server {upstream} ",
            "/etc/nginx/certs/": f"{folder}/",
        }
        text = SHIPPED.read_text("utf-8")
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        (folder / "loudscope.conf").write_text(text, "utf-8")
        user = "user root;\n" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(user=user, folder=folder), "utf-8")
        return [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]

    return command


def heard(
    address: str, context: ssl.SSLContext, *sent: bytes | str, key: str | None = None
) -> list[dict[str, Any]]:
    """Every message of a socket, after those that it was sent.

    In one thread: the blocking client of websockets reads in another one than it writes in, a TLS
    connection is not made for two, and one handshake in a hundred was never sent.
    """

    async def talk() -> list[dict[str, Any]]:
        headers = {} if key is None else {"X-API-Key": key}
        async with connect(address, ssl=context, additional_headers=headers) as connection:
            for message in sent:
                await connection.send(message)
            return [json.loads(message) async for message in connection]

    return asyncio.run(talk())


def certificate(folder: Path) -> None:
    """Signed by itself, for 127.0.0.1, a day long."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
