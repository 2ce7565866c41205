"""What every floor needs and no floor owns: journal lines, letters, legal documents, stored files."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from core import clock
from core.fields import CharField, DateField, KeyField, TextField
from core.reminding import DigestDay, Notice, ReminderPlan, WorkDay, WorkYear
from core.vietnamese import format_moment

__all__ = [
    "DigestDay",
    "Entry",
    "EntryQuerySet",
    "LegalDocument",
    "Letter",
    "LetterQuerySet",
    "Notice",
    "Pulse",
    "ReminderPlan",
    "StoredFile",
    "WorkDay",
    "WorkYear",
    "mark_of",
]


class EntryQuerySet(models.QuerySet):
    """Journal lines are only ever added."""

    def update(self, **kwargs: Any) -> int:
        raise ValidationError("Nhật ký chỉ được ghi thêm.")

    def _update(self, values: Any) -> int:
        """What ``save()`` of a line that exists comes down to."""
        raise ValidationError("Nhật ký chỉ được ghi thêm.")

    def delete(self) -> Any:
        raise ValidationError("Nhật ký chỉ được ghi thêm.")

    def about(self, document: models.Model) -> "EntryQuerySet":
        return self.filter(target_type=document._meta.label_lower, target_id=document.pk)


class Entry(models.Model):
    """One line of the journal: who did what to which document, when, in which role and why.

    The document is named without a foreign key, so that the journal never hinders or follows live data.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = CharField(max_length=200)
    actor_role = CharField(max_length=200, blank=True)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    label = CharField(max_length=200)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    comment = TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        base_manager_name = "objects"  # so that saving a line again meets the same refusal
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-at"], name="entry_target"),
            models.Index(fields=["-at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{format_moment(self.at)} {self.actor_name}: {self.label}"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValidationError("Nhật ký chỉ được ghi thêm.")


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "LetterQuerySet":
        """The Office and the inspectorate read all letters, everybody else his own: the technician has no say in any
        dossier, and its letters tell of it. A letter that opens an account is for its holder alone, and so is one
        whose kind is kept in a folder ``private``: that it was written tells already who said something of whom."""
        own = models.Q(recipient=user)
        sealed = models.Q(kind="password_reset") | models.Q(kind__contains="/private/")
        return self.filter(own | ~sealed if user.acting.reads_everything else own)

    def due(self, now: Any) -> "LetterQuerySet":
        """What may be sent now: its time has come, or the worker that held it has let its lease run out."""
        rows = self.filter(state__in=[Letter.State.WAITING, Letter.State.SENDING], next_attempt_at__lte=now)
        return rows.filter(models.Q(good_until__isnull=True) | models.Q(good_until__gt=now))

    def outdated(self, now: Any) -> "LetterQuerySet":
        """Not sent while what they say was true; nobody is about to send them."""
        rows = self.filter(good_until__lte=now)
        resting = models.Q(state__in=[Letter.State.WAITING, Letter.State.FAILED])
        return rows.filter(resting | models.Q(state=Letter.State.SENDING, next_attempt_at__lte=now))

    def not_arrived(self) -> "LetterQuerySet":
        """Their readers know nothing of them. What an address refused counts as told while the account names it."""
        same = models.Q(state=Letter.State.BOUNCED, address=models.F("recipient__email"))
        return self.exclude(models.Q(state=Letter.State.SENT) | same)

    def forgotten(self, now: Any, since: Any) -> "LetterQuerySet":
        """Due, and not handed to the broker since that moment."""
        return self.due(now).filter(models.Q(queued_at__isnull=True) | models.Q(queued_at__lte=since))

    def held_up(self) -> "LetterQuerySet":
        """They would have left if a mail server had been there, and what they say is not over."""
        waiting = models.Q(state=Letter.State.WAITING, attempts__gt=0)
        rows = self.filter(waiting | models.Q(state=Letter.State.FAILED))
        return rows.filter(models.Q(good_until__isnull=True) | models.Q(good_until__gt=clock.now()))

    def hurry(self) -> int:
        """Let them be tried at once, as if for the first time."""
        now = clock.now()
        return self.change(state=Letter.State.WAITING, attempts=0, next_attempt_at=now, queued_at=now)

    @transaction.atomic
    def change(self, **values: Any) -> int:
        """Change these rows in one order for all, so that two who change the same ones do not wait for each other;
        a row that somebody holds is his to change."""
        free = self.select_for_update(skip_locked=True).order_by("pk")
        return self.model.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(**values)


def mark_of(key: str) -> str:
    """Not to be guessed: whoever knows it can say that the letter came back."""
    return salted_hmac("letters", key).hexdigest()


class Letter(models.Model):
    """The outbox: a letter written in the same transaction as the act, delivered after commit.

    ``next_attempt_at`` is the earliest moment of the next try; of a letter that is being sent, the end of the lease.
    ``may_be_double``: a try broke off when the mail server may already have taken the letter. ``mark`` is what its
    Message-ID is made of; by it a refusal that comes back days later is known. After ``good_until`` it is not sent any
    more, for what it says was true on its day alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        SENDING = "sending", "Đang gửi"
        SENT = "sent", "Đã gửi"
        BOUNCED = "bounced", "Không tới được"
        FAILED = "failed", "Không gửi được"
        EXPIRED = "expired", "Hết hạn gửi"

    key = models.CharField(max_length=200, unique=True)
    mark = models.CharField(max_length=40, db_index=True, blank=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="letters"
    )
    recipient_name = CharField(max_length=200)
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=60)
    subject = CharField(max_length=250)
    body = models.TextField()
    body_html = models.TextField()
    link = models.CharField(max_length=250, blank=True)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_attempt_at = models.DateTimeField(default=clock.now, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    good_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    bounced_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    may_be_double = models.BooleanField("Có thể trùng", default=False, editable=False)
    search_key = KeyField()

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "thư"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="letter_due"),
            models.Index(fields=["recipient", "-created_at"], name="letter_recipient"),
            models.Index(fields=["-created_at", "id"], name="letter_newest"),
            models.Index(fields=["target_type", "target_id"], name="letter_target"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_over(self) -> bool:
        """What it says was true on its day alone, and that day is over."""
        return self.good_until is not None and self.good_until <= clock.now()

    @property
    def is_held_up(self) -> bool:
        """It did not leave at its first try, is not being tried right now, and may still go."""
        if self.is_over:
            return False
        stays = self.state in (self.State.FAILED, self.State.BOUNCED)
        return stays or (self.state == self.State.WAITING and self.attempts > 0)

    @property
    def address_now(self) -> str:
        """Where it would go today: to the account's address. The warning that this was changed stays with the address
        it was written for; whoever changed it would else read it himself."""
        if self.recipient is None or self.kind == "address_changed":
            return self.address
        return self.recipient.email

    def hurry(self, address: str) -> None:
        """Let it be tried at once, as if for the first time."""
        now = clock.now()
        self.state, self.address, self.attempts = self.State.WAITING, address, 0
        self.next_attempt_at = self.queued_at = now

    def came_back(self, words: str) -> None:
        """A mail server took it and could not deliver it."""
        self.state, self.bounced_at, self.queued_at = self.State.BOUNCED, clock.now(), None
        self.last_error = words[:500]


class Pulse(models.Model):
    """A row that broker, beat and worker keep fresh together; read by the health check."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"


class JobRunQuerySet(models.QuerySet):
    def failed(self) -> "JobRunQuerySet":
        """Also those that went well when they were tried again."""
        return self.filter(failed_at__isnull=False)

    def with_work(self) -> "JobRunQuerySet":
        """Something was done, and counted."""
        return self.exclude(note__in=["", "0"])

    def telling(self) -> "JobRunQuerySet":
        """Somebody may want to read of them: not those that found nothing to do."""
        return self.filter(models.Q(failed_at__isnull=False) | ~models.Q(note__in=["", "0"]))


class JobRun(models.Model):
    """The timetable's ledger: one row for each job and planned moment, so that nothing due runs twice or is lost.

    ``failed_at`` and ``error`` tell of its last failure, also when a later try went well.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ chạy"
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Xong"
        FAILED = "failed", "Lỗi"

    job = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = TextField(blank=True)
    error = models.TextField(blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = "lần chạy tự động"
        ordering = ["-planned_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["job", "planned_at"], name="job_once_a_moment")]
        indexes = [models.Index(fields=["state", "queued_at"], name="jobrun_open")]

    def __str__(self) -> str:
        return f"{self.job} {format_moment(self.planned_at)}"


class LegalDocument(models.Model):
    """A law, decree, decision or plan that something in the portal rests on."""

    class Kind(models.TextChoices):
        LAW = "law", "Luật"
        DECREE = "decree", "Nghị định"
        CIRCULAR = "circular", "Thông tư"
        DECISION = "decision", "Quyết định"
        PLAN = "plan", "Kế hoạch"
        GUIDANCE = "guidance", "Hướng dẫn"

    code = models.SlugField(max_length=60, unique=True)
    number = CharField("Số, ký hiệu", max_length=60)
    title = CharField("Trích yếu", max_length=400)
    kind = models.CharField("Loại văn bản", max_length=12, choices=Kind.choices)
    issuer = CharField("Cơ quan ban hành", max_length=200)
    signed_on = DateField("Ngày ký", null=True, blank=True)
    effective_from = DateField("Có hiệu lực từ", null=True, blank=True)
    effective_to = DateField("Hết hiệu lực", null=True, blank=True)
    note = TextField("Ghi chú", blank=True)
    is_confirmed = models.BooleanField("Văn phòng Sở đã xác nhận", default=False)

    class Meta:
        verbose_name = "văn bản"
        ordering = ["-signed_on", "number"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class StoredFile(models.Model):
    """An uploaded file, checked by content and kept outside the web root under a name of ours."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    mime = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "tệp"

    def __str__(self) -> str:
        return self.name

    @property
    def relative_path(self) -> str:
        return f"{self.token.hex[:2]}/{self.token.hex}"
