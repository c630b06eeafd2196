"""The forms in which a report is kept: those of the command line, of the same figures."""

from __future__ import annotations

import csv
import gzip
import io

from loudscope.qc import inspect
from loudscope.report import report
from loudscope.service._records import DOCUMENTS
from loudscope.service.work._jobs import judge, named

from .shop import EXAMPLE


def test_a_judgement_has_every_form_of_one_report() -> None:
    inspection = inspect(EXAMPLE)
    _, documents = judge(inspection.to_bytes(), None, "mix.flac", "pop", "spotify")
    texts = {
        name: gzip.decompress(data).decode()
        for name, data in zip(DOCUMENTS, documents, strict=True)
    }
    made = report(named(inspection, "mix.flac"), genre="pop", target="spotify")
    expected = {"json": made.json(indent=None), "csv": made.csv(), "md": made.markdown()}
    assert texts.pop("html").startswith("<!doctype html>")
    assert texts == expected
    figures = dict(csv.reader(io.StringIO(texts["csv"])))
    integrated = made.inspection.analysis.integrated
    assert float(figures["inspection.analysis.loudness.integrated"]) == integrated
