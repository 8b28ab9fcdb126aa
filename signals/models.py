"""The signals' rows as Django sees them. The tables come from the SQL migrations."""

from django.db import models
from django.db.models.functions import Now

from signals.managers import SignalManager


class Signal(models.Model):
    """The newest row of one need to restock (the view `replenishment_signals_current`)."""

    id = models.IntegerField(primary_key=True)
    signal_id = models.UUIDField()
    created_ts = models.DateTimeField(db_default=Now())
    item_id = models.TextField()
    triggered_at_qty = models.IntegerField()
    reorder_point = models.IntegerField(db_default=10)
    reorder_qty = models.IntegerField(db_default=24)
    trigger_event_id = models.UUIDField(null=True)
    status = models.TextField(choices=[(s, s.capitalize()) for s in ("OPEN", "ACKNOWLEDGED", "FULFILLED")])

    objects = SignalManager()

    class Meta:
        managed = False
        db_table = "replenishment_signals_current"
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.status} {self.item_id}"


class Item(models.Model):
    """What is known of an item beside its movements. None in a policy field: the default of the environment."""

    item_id = models.TextField(primary_key=True)
    description = models.TextField(blank=True, default="")
    reorder_point = models.IntegerField(null=True, blank=True)
    reorder_qty = models.IntegerField(null=True, blank=True)
    updated_ts = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False
        db_table = "items"
        ordering = ["item_id"]

    def __str__(self) -> str:
        return self.item_id
