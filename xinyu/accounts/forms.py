"""Granting a post in two steps: which role (and school), then who, where and from when to when."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from xinyu.access.roles import ROLES
from xinyu.organisations.models import City, County, Grade, Klass, School

from .models import User
from .queries import staff

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
BELOW_SCHOOL = ("grade", "klass")


class RoleForm(forms.Form):
    """First step: the role, and the school for posts at a grade or class."""

    role = forms.ChoiceField(label="岗位", choices=[(role.code, role.label) for role in ROLES.values()])
    school = forms.ModelChoiceField(
        School.objects.none(), label="学校", required=False, empty_label="（班级、年级的岗位要先选学校）"
    )

    def __init__(self, *args, cities: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.filter(city_id__in=cities)

    def clean(self):
        data = super().clean()
        role = ROLES.get(data.get("role", ""))
        if role is not None and role.level in BELOW_SCHOOL and not data.get("school"):
            self.add_error("school", "请选择学校。")
        return data


def places_at(level: str, cities: set[int], school: School | None):
    """Places of one level that a post may stand at."""
    return {
        "city": City.objects.filter(pk__in=cities),
        "county": County.objects.filter(city_id__in=cities).select_related("city"),
        "school": School.objects.filter(city_id__in=cities).select_related("county__city"),
        "grade": Grade.objects.filter(school=school).select_related("school__county__city"),
        "klass": Klass.objects.filter(grade__school=school).select_related("grade__school__county__city"),
    }[level]


class GrantForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label="人员", empty_label="请选择")
    place = forms.ModelChoiceField(School.objects.none(), label="范围", empty_label="请选择")
    valid_from = forms.DateField(label="开始日期", widget=DATE, initial=timezone.localdate)
    valid_to = forms.DateField(label="结束日期（当天不含）", widget=DATE, required=False)

    def __init__(self, *args, role: str, cities: set[int], school: School | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff()
        self.fields["user"].label_from_instance = lambda user: f"{user.name}（{user.username}）"
        self.fields["place"].queryset = places_at(ROLES[role].level, cities, school)
        on = timezone.localdate()
        if ROLES[role].level in BELOW_SCHOOL:
            self.fields["place"].label_from_instance = lambda place: place.name_on(on)


class StaffForm(forms.ModelForm):
    password = forms.CharField(
        label="初始密码", help_text="至少 10 位；请本人登录后立即修改。", widget=forms.PasswordInput(render_value=False)
    )

    class Meta:
        model = User
        fields = ["username", "name"]
        labels = {"username": "用户名"}
        help_texts = {"username": "登录用，只能是字母、数字和 @/./+/-/_。"}

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.instance)
        return self.cleaned_data["password"]
