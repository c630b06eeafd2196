"""Damaged uploads: sound files with bytes changed, cut out and doubled, and forms likewise."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import httpx
import numpy as np
import soundfile

from .deployment import Deployment

__all__ = ["REASONS", "fuzzed", "seeds", "uploads"]

CLIENTS = 8
KINDS = (
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("W64", "PCM_24"),
    ("AIFF", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
    ("CAF", "ALAC_16"),
)
FOREIGN = (
    b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
    b"PK\x03\x04" + bytes(200),
    b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff",
    b"fLaC" + bytes(100),
    b"\0" * 5000,
)
REASONS = {
    *("undecodable", "truncated", "empty", "not_finite", "unknown_layout", "rate_unsupported"),
    *("too_long", "too_many_channels", "too_slow", "out_of_memory", "crashed"),
}
SIZES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
BOUNDARY = "----loudscope"


def seeds() -> list[bytes]:
    """Sound files of 0.3 s in the formats that libsndfile writes."""
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, (14_400, 2))
    found = []
    for kind, subtype in KINDS:
        file = io.BytesIO()
        soundfile.write(file, noise, 48_000, format=kind, subtype=subtype)
        found.append(file.getvalue())
    return found


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, most of them near the head; at times a lie about a size, a cut, a gap."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 2, 4, 16, 64))):
        reach = len(found) if rng.random() < 0.4 else min(len(found), 200)
        found[rng.randrange(reach)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    if rng.random() < 0.3:
        place = rng.randrange(min(len(found), 100))
        found[place : place + 4] = rng.choice(SIZES).to_bytes(4, rng.choice(("little", "big")))
    way, at = rng.random(), rng.randrange(len(found))
    length = rng.randrange(1, 2000)
    if way < 0.15:
        del found[at:]
    elif way < 0.25:
        del found[at : at + length]
    elif way < 0.35:
        found[at:at] = found[at : at + length]
    elif way < 0.4:
        found[at:at] = rng.randbytes(length)
    return bytes(found) or b"\0"


def fuzzed(seed: int) -> Iterator[bytes]:
    """Files without end, the same for the same seed."""
    rng, whole = random.Random(seed), seeds()
    yield from FOREIGN
    while True:
        one = rng.choice(whole)
        if rng.random() < 0.05:
            one = one[: rng.randrange(1, 300)] + rng.choice(whole)
        yield damaged(one, rng)


def form(audio: bytes, rng: random.Random) -> tuple[bytes, str]:
    """A body and its type; one in six is damaged outside its file as well."""
    name = rng.choice(("a.wav", "../../etc/passwd", "x" * 300, "\u202egnp.mp3", "a.m3u8", ""))
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="audio"; filename="{name}"\r\n\r\n'
    ).encode()
    body = head + audio + f"\r\n--{BOUNDARY}--\r\n".encode()
    if rng.random() < 1 / 6:
        whole = bytearray(body)
        for _ in range(rng.randrange(1, 5)):
            whole[rng.randrange(len(head) + 4)] = rng.randrange(256)
        body = bytes(whole)
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def uploads(service: Deployment, count: int, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """Sends so many damaged files.

    Returns:
        What was answered, by status and code, and the tokens of what was taken.
    """
    rng, tokens = random.Random(seed), []
    bodies = (form(audio, rng) for audio in islice(fuzzed(seed), count))

    def send(body_and_type: tuple[bytes, str]) -> httpx.Response:
        body, kind = body_and_type
        return service.http.post(
            f"{service.url()}/analyze", content=body, headers={"Content-Type": kind}
        )

    answers: Counter[str] = Counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        while batch := list(islice(bodies, 4 * CLIENTS)):
            for answer in pool.map(send, batch):
                if answer.status_code == 202:
                    tokens.append(str(answer.json()["token"]))
                code = "" if answer.status_code == 202 else f" {answer.json()['code']}"
                answers[f"{answer.status_code}{code}"] += 1
    return answers, tokens
