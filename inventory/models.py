"""The ledger's rows and the stock that follows, as Django sees them. The tables come from the SQL migrations."""

import uuid

from django.db import models
from django.db.models.functions import Now

from inventory.managers.gold import GoldRefreshManager
from inventory.managers.ledger import ScanEventManager
from inventory.managers.stock import StockManager


class ScanEvent(models.Model):
    """One carton that came in or went out. Append-only: the database refuses every change."""

    event_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    event_ts = models.DateTimeField("when", db_default=Now())
    event_type = models.TextField("kind", choices=[("INTAKE", "Intake"), ("CONSUME", "Consume")])
    station_id = models.TextField("station")
    barcode_raw = models.TextField("payload")
    item_id = models.TextField("item")
    qty = models.IntegerField("pieces")
    user_email = models.TextField("person", null=True)  # noqa: DJ001 (the brief's column)

    objects = ScanEventManager()

    class Meta:
        managed = False
        db_table = "scan_events"
        ordering = ["-event_ts"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.event_type} {self.qty} {self.item_id} at {self.station_id}"


class Stock(models.Model):
    """What is on hand of one item: a row of the brief's view."""

    item_id = models.TextField(primary_key=True)
    intake_total = models.BigIntegerField()
    consume_total = models.BigIntegerField()
    on_hand_qty = models.BigIntegerField()
    last_activity_ts = models.DateTimeField()

    objects = StockManager()

    class Meta:
        managed = False
        db_table = "inventory_current"
        ordering = ["item_id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.on_hand_qty} on hand"


class GoldRefresh(models.Model):
    """A check of the pipeline's gold against the floor: when it was refreshed, and how many real differences."""

    id = models.BigAutoField(primary_key=True)
    refreshed_ts = models.DateTimeField()
    snapshot_ts = models.DateTimeField()
    newest_event_ts = models.DateTimeField(null=True)
    event_count = models.BigIntegerField()
    drift_count = models.IntegerField()
    checked_ts = models.DateTimeField(db_default=Now())

    objects = GoldRefreshManager()

    class Meta:
        managed = False
        db_table = "gold_refreshes"
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"gold of {self.snapshot_ts}: drift {self.drift_count}"
