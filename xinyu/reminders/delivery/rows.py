"""Where people can be reached outside the platform, who stands in for whom, and every text that was to be sent."""

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.utils import timezone

from xinyu.access.seal import Open, Seal
from xinyu.reminders.delivery import texts

USER = settings.AUTH_USER_MODEL
SYSTEMS = "reminders demo"


class ChannelKind(models.TextChoices):
    MAIL = "mail", "电子邮件"
    SMS = "sms", "短信"
    GROUP = "group", "工作群机器人"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"
    CARRIED = "carried", "已并入汇总"
    DROPPED = "dropped", "已读，不再发送"


class Channel(models.Model):
    """One address of a person, or the robot of a school's group. The address is sealed by the platform's key."""

    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="channels")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=ChannelKind)
    is_group = models.BooleanField(default=False)
    address = models.BinaryField()
    vault_id = models.UUIDField(default=uuid.uuid4, editable=False)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)
    #: set when a provider refuses the address for good; nothing is sent until somebody enters another one
    broken_at = models.DateTimeField(null=True)
    #: the person asked for a test message
    probe_asked_at = models.DateTimeField(null=True)

    seal = Seal("counselor[is_group] vice_principal[is_group]", author="user_id", systems=SYSTEMS)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="channel_once_each"),
            models.UniqueConstraint(
                fields=["school", "kind"], condition=models.Q(is_group=True), name="channel_one_group_a_school"
            ),
            models.CheckConstraint(
                condition=models.Q(is_group=False, user__isnull=False)
                | models.Q(is_group=True, user__isnull=True, school__isnull=False),
                name="channel_of_a_person_or_a_group",
            ),
        ]


class DeliveryHabit(models.Model):
    """When a person wants the ordinary; without a row the defaults hold."""

    user = models.OneToOneField(USER, models.PROTECT, related_name="delivery_habit")
    digest_at = models.TimeField(default=time(7, 30))
    quiet_from = models.TimeField(default=time(22, 0))
    quiet_to = models.TimeField(default=time(7, 0))

    seal = Seal(author="user_id", systems=SYSTEMS)


class Absence(models.Model):
    """Somebody is away and somebody else reads along, from a day to a day, both included."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(USER, models.PROTECT, related_name="deputy_for")
    from_on = models.DateField()
    to_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    seal = Seal(author="user_id", reader="deputy_id", systems=SYSTEMS)

    class Meta:
        ordering = ["-from_on", "-id"]
        indexes = [models.Index(fields=["to_on"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="absence_forwards")
        ]


class Delivery(models.Model):
    """A row is the message: unique by key, leased while it is sent, tried again with the same provider key.

    A row that is `carried` says that its notice was told by `carrier`, a digest or a summary.
    """

    key = models.CharField(max_length=80, unique=True)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    notice = models.ForeignKey("reminders.Notice", models.PROTECT, null=True, related_name="deliveries")
    carrier = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried")
    what = models.CharField(max_length=8, choices=[(code, code) for code in texts.TEXTS])
    count = models.PositiveIntegerField(default=1)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    provider_key = models.UUIDField(default=uuid.uuid4, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    seal = Seal(reader="user_id", systems=SYSTEMS)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["channel", "-created_at"]),
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
        ]


class ChannelFault(models.Model):
    """An address does not work: a task for the school's administrator, solved by a new address."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="faults")
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=ChannelKind)
    reason = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    solved_at = models.DateTimeField(null=True)

    seal = Seal("counselor vice_principal", author="user_id", systems=SYSTEMS)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["school", "solved_at"])]


class SmsGateway(models.Model):
    """How a county (or one school) sends short messages: a signed HTTP call from a template. The newest counts."""

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="+")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, related_name="+")
    url = models.CharField(max_length=300)
    method = models.CharField(max_length=4, default="POST")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    secret = models.BinaryField()
    vault_id = models.UUIDField(default=uuid.uuid4, editable=False)
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    seal = Seal("county_officer", systems=SYSTEMS)

    class Meta:
        ordering = ["-at", "-id"]


class FeedToken(models.Model):
    """Who may fetch a calendar without logging in: only the token's hash is kept."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="feed_tokens")
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    seal = Open("hashes of tokens, no student data")
