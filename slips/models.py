"""A slip, its files, pages and draft lines, and what was received, as Django sees them; the tables come from SQL."""

import uuid
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from slips.checks import plain
from slips.managers.lines import LineManager
from slips.managers.receipts import ReceiptManager
from slips.managers.slips import SlipManager

READING, REVIEW, RECEIVED, DISCARDED, FAILED = "reading", "review", "received", "discarded", "failed"
states = {
    READING: "Reading",
    REVIEW: "To review",
    RECEIVED: "Received",
    DISCARDED: "Discarded",
    FAILED: "Failed",
}


class Slip(models.Model):
    """One delivery's paper. `revision` counts every change of it or of its lines."""

    slip_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.TextField(choices=list(states.items()), db_default=READING)
    uploaded_by = models.TextField(null=True)  # noqa: DJ001 (nobody said who)
    uploaded_at = models.DateTimeField(db_default=Now())
    again_reason = models.TextField(null=True)  # noqa: DJ001 (None: uploaded once)
    job_id = models.BigIntegerField(null=True)
    pages_total = models.IntegerField(db_default=0)
    pages_read = models.IntegerField(db_default=0)
    problem = models.TextField(db_default="")
    vendor = models.TextField(db_default="")
    po_number = models.TextField(db_default="")
    slip_number = models.TextField(db_default="")
    ship_date = models.TextField(db_default="")
    printed_lines = models.IntegerField(null=True)
    printed_pieces = models.DecimalField(null=True, max_digits=20, decimal_places=6)
    notes = models.TextField(db_default="")
    head_version = models.IntegerField(db_default=1)
    revision = models.IntegerField(db_default=0)
    changed_by = models.TextField(null=True)  # noqa: DJ001 (a program did it)
    changed_at = models.DateTimeField(db_default=Now())
    forgotten_at = models.DateTimeField(null=True)

    objects = SlipManager()

    class Meta:
        managed = False
        db_table = "slips"
        ordering = ["-uploaded_at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What people call it: vendor and number where they are known."""
        return " ".join(part for part in (self.vendor, self.slip_number or self.po_number) if part) or "Packing slip"


class SlipFile(models.Model):
    """One file as it was sent; `digest` is its SHA-256."""

    pk = models.CompositePrimaryKey("slip_id", "position")
    slip = models.ForeignKey(Slip, on_delete=models.DO_NOTHING, related_name="files")
    position = models.IntegerField()
    name = models.TextField()
    bytes = models.IntegerField()
    digest = models.TextField()
    stored_name = models.TextField()

    class Meta:
        managed = False
        db_table = "slip_files"
        ordering = ["position"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class SlipPage(models.Model):
    """One page as a JPEG of `width` × `height` pixels; `turns`: quarter turns that made what was sent upright."""

    pk = models.CompositePrimaryKey("slip_id", "number")
    slip = models.ForeignKey(Slip, on_delete=models.DO_NOTHING, related_name="pages")
    number = models.IntegerField()
    stored_name = models.TextField()
    width = models.IntegerField()
    height = models.IntegerField()
    turns = models.IntegerField(db_default=0)

    class Meta:
        managed = False
        db_table = "slip_pages"
        ordering = ["number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"page {self.number + 1}"


class SlipLine(models.Model):
    """One draft line. `qty` None: the slip does not say or a person must decide. `found_qty`: what was counted."""

    line_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    slip = models.ForeignKey(Slip, on_delete=models.DO_NOTHING, related_name="lines")
    position = models.FloatField()
    item_id = models.TextField()
    qty = models.DecimalField(null=True, max_digits=20, decimal_places=6)
    description = models.TextField(db_default="")
    found_qty = models.IntegerField(null=True)
    read_item_id = models.TextField(null=True)  # noqa: DJ001 (None: a person added the line)
    read_qty = models.DecimalField(null=True, max_digits=20, decimal_places=6)
    confidence = models.TextField(null=True)  # noqa: DJ001 (None: a person added the line)
    evidence = models.TextField(db_default="")
    page = models.IntegerField(null=True)
    box = ArrayField(models.FloatField(), null=True)
    checked_by = models.TextField(null=True)  # noqa: DJ001 (nobody said who)
    checked_at = models.DateTimeField(null=True)
    removed_by = models.TextField(null=True)  # noqa: DJ001 (nobody said who)
    removed_at = models.DateTimeField(null=True)
    version = models.IntegerField(db_default=1)
    changed_by = models.TextField(null=True)  # noqa: DJ001 (a program did it)
    changed_at = models.DateTimeField(db_default=Now())

    objects = LineManager()

    class Meta:
        managed = False
        db_table = "slip_lines"
        ordering = ["position", "line_id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.item_id} × {self.qty}"

    @property
    def event_id(self) -> uuid.UUID:
        """The id of the event that receiving this line books: receiving twice books once."""
        return uuid.uuid5(self.slip_id, str(self.line_id))


class Receipt(models.Model):
    """What was received from a slip, by whom and when. Append-only."""

    slip_id = models.UUIDField(primary_key=True)
    received_by = models.TextField(null=True)  # noqa: DJ001 (nobody said who)
    received_at = models.DateTimeField(db_default=Now())
    station_id = models.TextField()
    vendor = models.TextField()
    po_number = models.TextField()
    slip_number = models.TextField()
    digests = ArrayField(models.TextField())
    same_slip = models.TextField(null=True)  # noqa: DJ001 (None: the slip has no number)
    again_reason = models.TextField(null=True)  # noqa: DJ001 (None: received once)

    objects = ReceiptManager()

    class Meta:
        managed = False
        db_table = "slip_receipts"
        ordering = ["-received_at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"received by {self.received_by or 'unknown'}"


class ReceiptLine(models.Model):
    """One received line with both numbers: what the slip says and what was found."""

    pk = models.CompositePrimaryKey("receipt_id", "position")
    receipt = models.ForeignKey(Receipt, on_delete=models.DO_NOTHING, related_name="lines", db_column="slip_id")
    position = models.IntegerField()
    line_id = models.UUIDField()
    item_id = models.TextField()
    description = models.TextField()
    slip_qty = models.DecimalField(max_digits=20, decimal_places=6)
    found_qty = models.IntegerField()
    checked_by = models.TextField(null=True)  # noqa: DJ001 (nobody said who)
    event_id = models.UUIDField(null=True)
    on_hand_before = models.BigIntegerField(null=True)
    on_hand_after = models.BigIntegerField(null=True)
    signal_id = models.UUIDField(null=True)

    class Meta:
        managed = False
        db_table = "slip_receipt_lines"
        ordering = ["position"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.found_qty} of {self.slip_qty} {self.item_id}"

    @property
    def slip_words(self) -> str:
        """12 rather than 12.000000."""
        return plain(self.slip_qty)

    @property
    def difference(self) -> Decimal:
        """Pieces more (+) or fewer (−) than the slip says."""
        return self.found_qty - self.slip_qty
