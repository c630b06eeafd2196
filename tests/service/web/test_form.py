"""RFC 7578 forms, piece by piece: however the bytes are cut, the same events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loudscope.service.web._form import (
    MOST_PARTS,
    MOST_TEXT_BYTES,
    FileBegins,
    FileBytes,
    FileEnds,
    FormReader,
    Text,
    shown_name,
)
from loudscope.service.web._problems import Problem

BOUNDARY = b"cut-here"


def part(disposition: bytes, content: bytes, *headers: bytes) -> bytes:
    lines = [b"Content-Disposition: " + disposition, *headers]
    return b"--" + BOUNDARY + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def read(pieces: list[bytes]) -> list[object]:
    """Events, the bytes of a file put together."""
    reader, events = FormReader(BOUNDARY), list[object]()
    for piece in pieces:
        for event in reader.feed(piece):
            last = events[-1] if events else None
            if isinstance(event, FileBytes) and isinstance(last, FileBytes):
                events[-1] = FileBytes(last.data + event.data)
            else:
                events.append(event)
    reader.finish()
    return events


contents = st.lists(
    st.sampled_from([b"\r\n", b"--", BOUNDARY, b"\r\n--" + BOUNDARY[:-1], b"-", b"\0", b"data"]),
    max_size=12,
).map(b"".join)


@given(contents.filter(lambda b: b"\r\n--" + BOUNDARY not in b"\r\n" + b), st.data())
def test_events_do_not_depend_on_how_the_bytes_are_cut(content: bytes, data: st.DataObject) -> None:
    body = form(
        part(b'form-data; name="genre"', b"pop"),
        part(b'form-data; name="audio"; filename="a.wav"', content, b"Content-Type: audio/wav"),
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    middle = [FileBytes(content)] if content else []
    expected = [Text("genre", "pop"), FileBegins("audio", "a.wav"), *middle, FileEnds()]
    assert read(pieces) == expected


def test_byte_by_byte() -> None:
    body = form(part(b'form-data; name="audio"; filename="x"', b"\r\n--cut-her\r\n"))
    pieces = [body[n : n + 1] for n in range(len(body))]
    assert read(pieces)[1] == FileBytes(b"\r\n--cut-her\r\n")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\mix.wav", "mix.wav"),
        ("a\u202egpj.exe\n\0", "agpj.exe"),
        ("", "untitled"),
        ("///", "untitled"),
        ("x" * 500, "x" * 200),
    ],
)
def test_names_are_for_display_only(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@pytest.mark.parametrize(
    "body",
    [
        b"nothing like a form",
        form(part(b"form-data", b"x")),
        form(part(b'attachment; name="a"', b"x")),
        form(part(b'form-data; name="a"', b"x"))[:-4],
        form(*[part(b'form-data; name="a"', b"x")] * (MOST_PARTS + 1)),
        form(part(b'form-data; name="a"', b"x", b"Content-Transfer-Encoding: base64")),
        form(part(b'form-data; name="a"', b"x", *[b"X-Y: z"] * 100)),
        form(part(b'form-data; name="a"', b"x", b"X-Y: " + b"z" * 100_000)),
        b"",
    ],
)
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as raised:
        read([body])
    assert raised.value.code == "bad_multipart"


@pytest.mark.parametrize("value", [b"\xff\xfe", b"x" * (MOST_TEXT_BYTES + 1)])
def test_text_is_short_and_utf_8(value: bytes) -> None:
    with pytest.raises(Problem) as raised:
        read([form(part(b'form-data; name="genre"', value))])
    assert raised.value.code == "bad_field"


@pytest.mark.parametrize("boundary", [b"x" * 5000])
def test_a_boundary_is_not_endless(boundary: bytes) -> None:
    with pytest.raises(Problem):
        FormReader(boundary)
