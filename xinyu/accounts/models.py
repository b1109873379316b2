"""Staff who log in, and their posts. A post is what gives sight (xinyu/access)."""

import pghistory
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Coalesce

from xinyu.access.roles import ADMINISTRATORS, LEVELS, ROLES
from xinyu.access.seal import Open, Seal


class User(AbstractUser):
    """A member of staff (schools, bureaus, stations, hospitals). Students and guardians have no account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=40)
    is_demo = models.BooleanField(default=False, editable=False)

    seal = Open("staff accounts, no student data")

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.name or self.username


def _level_rule(level: str) -> models.Q:
    """The post's own level is filled, and nothing more local than it."""
    roles = [code for code, role in ROLES.items() if role.level == level]
    below = LEVELS[: LEVELS.index(level)]
    filled = LEVELS[LEVELS.index(level) :]
    rule = models.Q(role__in=roles)
    for name in below:
        rule &= models.Q(**{f"{name}__isnull": True})
    for name in filled:
        rule &= models.Q(**{f"{name}__isnull": False})
    return rule


class Post(models.Model):
    """role × place × from/to. It counts once approved by somebody who is neither its holder nor its grantor."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=20, choices=[(role.code, role.label) for role in ROLES.values()])
    city = models.ForeignKey("organisations.City", models.PROTECT, related_name="+")
    county = models.ForeignKey("organisations.County", models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey("organisations.School", models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.ForeignKey("organisations.Grade", models.PROTECT, null=True, blank=True, related_name="+")
    klass = models.ForeignKey("organisations.Klass", models.PROTECT, null=True, blank=True, related_name="+")
    place_id = models.GeneratedField(
        expression=Coalesce("klass_id", "grade_id", "school_id", "county_id", "city_id"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    valid_from = models.DateField("自")
    valid_to = models.DateField("至(不含)", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="posts_granted")
    granted_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="posts_approved")
    approved_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="posts_revoked")
    revoked_at = models.DateTimeField(null=True, blank=True)

    seal = Seal(
        "security_admin principal county_officer city_officer", reader="user_id", systems="posts demo reminders triage"
    )

    class Meta:
        ordering = ["user_id", "valid_from"]
        indexes = [
            models.Index(fields=["user", "role"]),
            models.Index(fields=["city"]),
            models.Index(fields=["county"]),
            models.Index(fields=["school", "role"]),
        ]
        constraints = [
            *[
                models.CheckConstraint(
                    condition=~models.Q(role__in=[c for c, r in ROLES.items() if r.level == level])
                    | _level_rule(level),
                    name=f"post_at_{level}",
                )
                for level in LEVELS
            ],
            # nobody grants to himself; who shows names needs a second person (未成年人网络保护条例 §36)
            models.CheckConstraint(
                condition=~models.Q(granted_by=models.F("user")), name="post_not_granted_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | (~models.Q(approved_by=models.F("user")) & ~models.Q(approved_by=models.F("granted_by"))),
                name="post_approved_by_a_third",
            ),
            # 三员分立: whoever holds one administrator's post holds no other kind of post meanwhile
            ExclusionConstraint(
                name="post_administrators_apart",
                expressions=[
                    ("user", "="),
                    (
                        models.Case(
                            models.When(role__in=ADMINISTRATORS, then="role"),
                            default=models.Value("staff"),
                            output_field=models.CharField(),
                        ),
                        "<>",
                    ),
                    (models.Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()), "&&"),
                ],
                condition=models.Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True) | models.Q(approved_by__isnull=False),
                name="post_approval_named",
            ),
        ]

    @property
    def place(self):
        return self.klass or self.grade or self.school or self.county or self.city

    @property
    def sees_names(self) -> bool:
        return ROLES[self.role].sees_names


class PostEvent(
    pghistory.create_event_model(  # type: ignore[misc]
        Post, pghistory.InsertEvent(), pghistory.UpdateEvent(), exclude=["place_id"]
    )
):
    """Every version of every post, written by triggers."""

    # whoever may write a post writes its history with it
    seal = Seal(
        "security_admin principal county_officer city_officer",
        systems="posts demo reminders triage",
        may="SELECT, INSERT",
    )


class ApiToken(models.Model):
    """A read-only token of a bureau's system: scope, place, end; only its hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    scope = models.CharField("范围", max_length=40)
    expires_on = models.DateField("到期")
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    seal = Open("hashes of tokens, no student data")
