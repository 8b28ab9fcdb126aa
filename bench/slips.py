"""Reading slips: the corpus beside the repository where it is there, and a drawn page for the time of rendering."""

import io
import resource
import statistics
import sys
import time
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

from bench.table import Figure
from slips import reading
from slips.management.commands.score_slips import Score, scored
from slips.paper.pages import open_document

corpus = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "slips"
bars = {
    "READABLE (neither photo-hard nor fax)": ("readable", 0.97, 0.88),
    "external": ("layouts made by others", 0.88, None),
    "kind scan": ("scans", 0.98, None),
    "kind photo-easy": ("easy photos", 0.97, None),
    "kind photo-mid": ("middling photos", 0.97, None),
    "kind photo-rot": ("turned photos", 0.97, None),
    "kind fax": ("fax", 0.80, None),
    "kind photo-hard": ("hard photos", 0.65, None),
}


def rows() -> list[Figure]:
    return [*_drawn(), *(_corpus(scored(corpus)) if corpus.is_dir() else _absent())]


def _drawn() -> list[Figure]:
    """A PDF of ten pages with thirty lines each, read from its text layer."""
    data, rendered, read = _ten_pages(), [], []
    for _ in range(3):
        begun = time.perf_counter()
        with open_document(data) as document:
            pages = list(document.pages())
        rendered.append((time.perf_counter() - begun) * 1000 / len(pages))
        begun = time.perf_counter()
        lines = reading.read_pages(pages).lines
        read.append((time.perf_counter() - begun) * 1000 / len(pages))
        assert len(lines) == 300
    return [
        Figure("page with text: rendered in the child", statistics.median(rendered), "ms", 150),
        Figure("page with text: read", statistics.median(read), "ms", 150),
    ]


def _ten_pages() -> bytes:
    out = io.BytesIO()
    pdf = canvas.Canvas(out, pagesize=letter)
    for page in range(10):
        for x, heading in ((50, "Item No."), (150, "Description"), (450, "Qty Shipped")):
            pdf.drawString(x, 700, heading)
        for line in range(30):
            for x, text in ((50, f"AB-{page}{line:03d}"), (150, "Hex bolt zinc plated"), (450, str(line + 1))):
                pdf.drawString(x, 680 - 20 * line, text)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _corpus(score: Score) -> list[Figure]:
    found = []
    for group, (name, f1, exact) in bars.items():
        tally = score.groups.get(group)
        if tally is None:
            continue
        figure = 2 * tally.right / max(1, tally.read + tally.true)
        found.append(Figure(f"{name}: line F1 of {tally.documents} documents", figure, "", f1, at_most=False))
        if exact is not None:
            found.append(Figure(f"{name}: wholly right", tally.exact / tally.documents, "", exact, at_most=False))
    return [*found, *_trust(score), *_times(score)]


def _trust(score: Score) -> list[Figure]:
    high, every = score.trust["high"], sum(tally.read for tally in score.trust.values())
    invented = score.groups["negative"].read
    fields = [
        Figure(f"{name} right", tally.right / tally.true, "", 0.90, at_most=False)
        for name, tally in score.fields.items()
    ]
    return [
        Figure("lines called high that are right", high.right / max(1, high.read), "", 0.99, at_most=False),
        Figure("lines called high, of all", high.read / max(1, every), "", 0.75, at_most=False),
        Figure("lines read from what is no slip", invented, "", 0),
        *fields,
    ]


def _times(score: Score) -> list[Figure]:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bar = {"text": 0.15, "ocr": 2.0}
    return [
        *(
            Figure(f"page, {kind}: mean", statistics.mean(s), "s", bar[kind])
            for kind, s in sorted(score.seconds.items())
        ),
        Figure("memory of the reading process", memory, "MB", 1536),
    ]


def _absent() -> list[Figure]:
    sys.stderr.write("no corpus of slips beside the repository: accuracy not measured\n")
    return []
