"""The items' CSV files in the admin: export as it is read, import with a look before."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone

from signals.imports import Moved, Preview, import_items, preview
from signals.models import Item
from signals.policies import BadFile, file_bytes_max, one_line_end, text_of, written

shown_changes_max = 500


class FileForm(forms.Form):
    """A chosen file, or the text of one that was looked at."""

    file = forms.FileField(required=False, label="CSV file")
    text = forms.CharField(required=False, widget=forms.HiddenInput, max_length=file_bytes_max, strip=False)
    digest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        try:
            cleaned["text"] = _text(cleaned.get("file")) or one_line_end(cleaned.get("text", ""))
            cleaned["preview"] = preview(cleaned["text"])
        except BadFile as bad:
            raise ValidationError(str(bad)) from None
        return cleaned


def export(admin: Any, request: HttpRequest) -> HttpResponse:
    """Every item as CSV, sent while it is read."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    response = StreamingHttpResponse(written(Item.objects.every_policy()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="items-{timezone.localdate():%Y-%m-%d}.csv"'
    return response  # type: ignore[return-value]


def import_(admin: Any, request: HttpRequest) -> HttpResponse:
    """Choose a file, look at what it would change, import it."""
    if not (admin.has_add_permission(request) and admin.has_change_permission(request)):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if not form.is_bound:
        return _page(admin, request, form, 200)
    if not form.is_valid():
        return _page(admin, request, form, 422)
    text, seen = form.cleaned_data["text"], form.cleaned_data["preview"]
    if not form.cleaned_data["digest"]:
        return _page(admin, request, form, 422 if seen.refused else 200, text=text, seen=seen)
    try:
        with transaction.atomic():
            done = import_items(text, digest=form.cleaned_data["digest"])
            _log(request, done)
    except Moved as moved:
        return _page(admin, request, form, 422, text=text, seen=moved.preview, sentence=str(moved))
    messages.success(request, f"{len(done.changes)} item{pluralize(len(done.changes))} imported.")
    return HttpResponseRedirect(reverse("admin:signals_item_changelist"))


def _text(file: "UploadedFile[Any] | None") -> str:
    return text_of(file.read(file_bytes_max + 1)) if file else ""


def _page(
    admin: Any, request: HttpRequest, form: FileForm, status: int,
    *, text: str = "", seen: Preview | None = None, sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = admin.admin_site.each_context(request) | {
        "title": "Import items",
        "opts": admin.opts,
        "form": form,
        "text": text,
        "preview": seen,
        "changes": seen.changes[:shown_changes_max] if seen else [],
        "refused": seen.refused[:shown_changes_max] if seen else [],
        "sentence": sentence,
    }
    return render(request, "admin/signals/item/import.html", context, status=status)


def _log(request: HttpRequest, done: Preview) -> None:
    kind = ContentType.objects.get_for_model(Item).pk
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=request.user.pk or 0,
            content_type_id=kind,
            object_id=change.after.item_id,
            object_repr=change.after.item_id,
            action_flag=CHANGE if change.before else ADDITION,
            change_message=f"Imported: {'; '.join(change.words) or 'new, with the defaults'}.",
        )
        for change in done.changes
    )
