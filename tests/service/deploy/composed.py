"""The services of deploy/compose.yml as processes, with its commands, environment and order.

    python -m tests.service.deploy.composed FOLDER

To be run in namespaces of its own (see `test_compose`), where the ports are free and the name of
each service leads to this machine. What is mounted into a container is found at its source;
what only an image brings (the S3 server, its bucket) is stood in for by moto.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from ..parts import answers, find_mongod, found
from ..whole.deployment import track
from .proxy import MAIN, certificate, heard

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
LOUDSCOPE = [sys.executable, "-m", "loudscope"]  # the image's entry point
PORTS = {"nginx": 443, "web": 8765, "mongo": 27017, "redis": 6379, "s3": 8333, "worker": None}
UP = 0x41  # IFF_UP and IFF_RUNNING
SECONDS = 60.0

Service = dict[str, Any]


def main(folder: Path) -> dict[str, Any]:
    """Starts all of it, asks it, and says what came of it."""
    loopback()
    compose: dict[str, Any] = load()
    certificate(folder)
    with ExitStack() as stack:
        started = [
            name
            for name in order(compose["services"])
            if stack.enter_context(service(name, compose["services"][name], folder))
        ]
        said = {"started": started, "healthy": healthy(compose["services"])}
        return {**said, **asked(folder)}


def load() -> dict[str, Any]:
    """The file, with the defaults of variables that are not set."""
    yaml: Any = import_module("yaml")
    text = (DEPLOY / "compose.yml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    return found


def order(services: dict[str, Service]) -> list[str]:
    """What others depend on comes first."""
    return list(
        TopologicalSorter(
            {n: it.get("depends_on", ()) for n, it in services.items()}
        ).static_order()
    )


def loopback() -> None:
    """A new network has none that is up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", UP))  # SIOCSIFFLAGS


@contextmanager
def service(name: str, it: Service, folder: Path) -> Iterator[bool]:
    """The service inside the block; False for one that runs once."""
    if name == "bucket":
        bucket(it)
        yield False
        return
    place = folder / name
    place.mkdir()
    with (place / "log.txt").open("wb") as log:
        command, environment = command_of(name, it, folder, place), environment_of(name, it, place)
        process = subprocess.Popen(command, env=environment, cwd=place, stdout=log, stderr=log)
    try:
        listening(name, process, place)
        yield True
    finally:
        process.terminate()
        process.wait(30)


def listening(name: str, process: subprocess.Popen[bytes], place: Path) -> None:
    """Waits until it answers at its port, by its own name."""
    port, until = PORTS[name], time.monotonic() + SECONDS
    while port is not None and not answers(port, name):
        if process.poll() is not None or time.monotonic() > until:
            log = (place / "log.txt").read_text("utf-8", "replace")
            raise RuntimeError(f"{name}: {log[-3000:]}")
        time.sleep(0.05)


def command_of(name: str, it: Service, folder: Path, place: Path) -> list[str]:
    """Its command, with paths of the container as paths of this machine."""
    if name in {"web", "worker"}:
        return [*LOUDSCOPE, *(at_source(word, it) for word in it["command"])]
    if name == "mongo":
        return [find_mongod(), *it["command"][1:], "--dbpath", str(place)]
    if name == "s3":
        port = next(word for word in it["command"] if word.startswith("-s3.port="))
        return [found("moto_server", ""), "-H", "127.0.0.1", "-p", port.partition("=")[2]]
    if name == "nginx":
        (place / "loudscope.conf").write_text(nginx_of(it, folder), "utf-8")
        user = "user root;\n" if os.geteuid() == 0 else ""
        (place / "nginx.conf").write_text(MAIN.format(user=user, folder=place), "utf-8")
        return [found("nginx", ""), "-p", str(place), "-c", str(place / "nginx.conf")]
    return [found(it["command"][0], ""), *it["command"][1:]]


def nginx_of(it: Service, folder: Path) -> str:
    """The configuration that is mounted, with the certificates of this machine."""
    source = at_source("/etc/nginx/conf.d/default.conf", it)
    assert at_source("/etc/nginx/certs/x", it) == str(DEPLOY / "certs" / "x")
    return Path(source).read_text("utf-8").replace("/etc/nginx/certs/", f"{folder}/")


def at_source(word: str, it: Service) -> str:
    """A path within a volume, as it is called outside."""
    for volume in it.get("volumes", ()):
        source, target = str(volume).split(":")[:2]
        if source.startswith(".") and (word == target or word.startswith(f"{target}/")):
            return os.path.normpath(DEPLOY / source) + word.removeprefix(target)
    return word


def environment_of(name: str, it: Service, place: Path) -> dict[str, str]:
    """The image's, then the file's; of this machine's only what finds programs and modules."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "PYTHONPATH") if key in os.environ}
    if name not in {"web", "worker"}:
        return kept
    data = place / "data"  # a tmpfs in the container
    image = {
        key: value.replace("/var/lib/loudscope", str(data)) for key, value in image_env().items()
    }
    given = {key: str(value or "") for key, value in it["environment"].items()}  # "": no default
    return {**kept, **image, **given, "AWS_EC2_METADATA_DISABLED": "true"}


def image_env() -> dict[str, str]:
    """ENV of the Dockerfile, but for the path to its own Python."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    block = re.search(r"^ENV (.+?[^\\])$", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    pairs = dict(word.split("=", 1) for word in block[1].replace("\\\n", " ").split())
    return {key: value for key, value in pairs.items() if key != "PATH"}


def bucket(it: Service) -> None:
    """The bucket that the service of this name makes, for the keys that all are given."""
    import boto3

    name = re.search(r"s3\.bucket\.create -name (\w+)", it["command"][0])
    assert name is not None
    keys = load()["x-loudscope"]["environment"]
    client = boto3.client(
        "s3",
        endpoint_url="http://s3:8333",
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        region_name=keys["AWS_DEFAULT_REGION"],
    )
    client.create_bucket(Bucket=name[1])


def healthy(services: dict[str, Service]) -> dict[str, int]:
    """Exit statuses of the checks whose programs are here: the image's, and that of Redis."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    check = re.search(r"^HEALTHCHECK .*?CMD (\[[^\n]*\])$", text, re.MULTILINE | re.DOTALL)
    assert check is not None
    _, *redis = services["redis"]["healthcheck"]["test"]
    commands = {"web": [sys.executable, *json.loads(check[1])[1:]], "redis": redis}
    environment = {"PATH": os.environ["PATH"], **image_env()}
    return {
        name: subprocess.run(command, env=environment, check=False, timeout=30).returncode
        for name, command in commands.items()
    }


def asked(folder: Path) -> dict[str, Any]:
    """One track through nginx: uploaded, followed by its socket, reported."""
    trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trusted.check_hostname = False  # it is made for an address
    with httpx.Client(base_url="https://nginx", verify=trusted, timeout=60) as http:
        ready = http.get("/health/ready").json()
        answer = http.post("/analyze", files={"audio": ("a.wav", track(5))})
        assert answer.status_code == 202, (answer.text, ready)
        job = answer.json()
        follow = f"wss://nginx{job['links']['socket']}"
        stages = [message["stage"] for message in heard(follow, trusted)]
        report = http.get(job["links"]["json"]).json()
        moved = http.get("http://nginx/").headers["location"]
    return {
        "ready": ready["status"],
        "stages": stages,
        "measured": report["inspection"]["analysis"]["loudness"]["integrated"],
        "moved": moved,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
