"""A page that prints labels to stick on cartons."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from inventory.forms import SheetForm
from inventory.sheets import papers
from linesync.ground.people import DockRequest


@require_http_methods(["GET", "HEAD", "POST"])
def labels(request: DockRequest) -> HttpResponse:
    """The form, and on POST the PDF."""
    form = SheetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = HttpResponse(form.cleaned_data["pdf"], content_type="application/pdf")
        answer["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return answer
    pairs = request.POST.get("pairs") or request.GET.get("pairs", "")
    context = {"form": form, "papers": sorted(papers), "pairs": pairs}
    return render(request, "labels/page.html", context, status=422 if form.errors else 200)
