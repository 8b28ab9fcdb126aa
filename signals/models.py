"""The signals' rows as Django sees them. The tables come from the SQL migrations."""

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Now

from linesync.ground.item_ids import item_id_pattern, item_id_words
from linesync.ground.numbers import policy_pieces_max
from signals.managers.items import ItemManager
from signals.managers.ledger import SignalManager
from signals.managers.notices import NoticeManager
from signals.policies import description_chars_max


class Signal(models.Model):
    """One need to restock: its newest row beside the stock of now. `row_id` names that row and grows with each step."""

    signal_id = models.UUIDField(primary_key=True)
    row_id = models.IntegerField(db_column="id")
    created_ts = models.DateTimeField("since", db_default=Now())
    item_id = models.TextField("item")
    triggered_at_qty = models.IntegerField("triggered at")
    reorder_point = models.IntegerField(db_default=10)
    reorder_qty = models.IntegerField("reorder quantity", db_default=24)
    trigger_event_id = models.UUIDField(null=True)
    status = models.TextField(choices=[(s, s.capitalize()) for s in ("OPEN", "ACKNOWLEDGED", "FULFILLED")])
    current_qty = models.BigIntegerField("on hand")
    opened_ts = models.DateTimeField("opened")
    description = models.TextField()

    objects = SignalManager()

    class Meta:
        managed = False
        db_table = "signals_with_stock"
        ordering = ["-row_id"]
        default_permissions = ("view",)
        permissions = [("review_signal", "Can acknowledge signals and mark them fulfilled")]

    def __str__(self) -> str:
        return f"{self.item_id} ({self.get_status_display().lower()})"


class Item(models.Model):
    """What is known of an item beside its movements. None in a policy field: the default of the environment."""

    item_id = models.TextField(
        "item id",
        primary_key=True,
        validators=[
            RegexValidator(
                rf"^{item_id_pattern}\Z",
                f"An item id is {item_id_words}.",
            )
        ],
    )
    description = models.TextField(blank=True, default="", validators=[MaxLengthValidator(description_chars_max)])
    reorder_point = models.IntegerField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(policy_pieces_max)]
    )
    reorder_qty = models.IntegerField(
        "reorder quantity",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(policy_pieces_max)],
    )
    updated_ts = models.DateTimeField("last change", db_default=Now(), editable=False)

    objects = ItemManager()

    class Meta:
        managed = False
        db_table = "items"
        ordering = ["item_id"]

    def __str__(self) -> str:
        return self.item_id


class Notice(models.Model):
    """What was told of a signal to NOTICE_URL. None in `delivered_ts`: nobody has taken it yet."""

    signal_id = models.UUIDField(primary_key=True)
    queued_ts = models.DateTimeField("queued", db_default=Now())
    attempts = models.IntegerField(default=0)
    attempted_ts = models.DateTimeField("last attempt", null=True)
    problem = models.TextField(null=True)  # noqa: DJ001 (None: the last attempt had none)
    delivered_ts = models.DateTimeField("delivered", null=True)

    objects = NoticeManager()

    class Meta:
        managed = False
        db_table = "signal_notices"
        ordering = ["-queued_ts"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.signal_id)
