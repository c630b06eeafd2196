"""Damaged uploads against a whole service; benchmarks/service/hostile.py sends 5 000 of them."""

from __future__ import annotations

from pathlib import Path

from .deployment import deployed, track
from .fuzz import REASONS, uploads

COUNT = 150


def test_fuzzed_uploads_end_with_a_report_or_a_reason(tmp_path: Path) -> None:
    """Never with an error of the server, and the next track is measured as ever."""
    with deployed(tmp_path, {"workers": 2, "limits": {"seconds": 60.0}}) as service:
        answers, tokens = uploads(service, COUNT)
        assert {answer[0] for answer in answers} <= {"2", "4"}, answers
        assert answers["202"] > COUNT / 2
        for token in tokens:
            found = service.final(token)
            assert found["stage"] == "done" or found["reason"]["code"] in REASONS, found
        assert service.metric("requests_total", status="500") == 0
        assert service.final(service.upload(track(1)))["stage"] == "done"
        log = service.logs()
        assert "passwd" not in log
