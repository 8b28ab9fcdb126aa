"""The one table of the house itself, as Django sees it: the API's kept answers. It comes from the SQL migration."""

from django.db import models
from django.db.models.functions import Now

from linesync.managers import ApiAnswerManager


class ApiAnswer(models.Model):
    """The first answer to a request that carried an Idempotency-Key. One person's keys are not another's."""

    pk = models.CompositePrimaryKey("person_email", "idempotency_key")
    person_email = models.TextField()
    idempotency_key = models.TextField()
    fingerprint = models.BinaryField()
    answered_ts = models.DateTimeField(db_default=Now())
    status = models.IntegerField(null=True)
    body = models.TextField(null=True)  # noqa: DJ001 (null while the request is at work)

    objects = ApiAnswerManager()

    class Meta:
        managed = False
        db_table = "api_answers"
        ordering = ["-answered_ts"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.person_email} {self.idempotency_key}: {self.status}"
