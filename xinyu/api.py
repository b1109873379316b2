"""Read-only data for a bureau's own systems: organisations and coverage. No levels, no names of people.

A token belongs to a person and carries a scope; what it shows is what that person's posts show.
"""

from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, BasePermission

from xinyu.access.actor import acting_as
from xinyu.access.allow import for_anyone
from xinyu.access.posts import live_posts
from xinyu.accounts.tokens import TokenAuthentication
from xinyu.dashboard.models import Coverage, SuppressedTotal
from xinyu.organisations.models import County, School

WHY = "no session: the bearer token is read by the API itself, which answers 401 without one"


class HasScope(BasePermission):
    """The token was issued for this part of the data."""

    message = "令牌不包含这个范围。"

    def has_permission(self, request, view) -> bool:
        return request.auth is not None and view.scope in request.auth.scope.split()


class ActingList(generics.ListAPIView):
    """A list whose rows are fetched, and written out, while the token's person acts."""

    permission_classes = [HasScope]

    def list(self, request, *args, **kwargs):
        with acting_as(request.user):
            return super().list(request, *args, **kwargs)


class CountySerializer(serializers.ModelSerializer):
    class Meta:
        model = County
        fields = ["id", "code", "name"]


class SchoolSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county.code")

    class Meta:
        model = School
        fields = ["id", "code", "name", "county", "kind", "locality", "ownership", "is_demonstration", "enrolment"]


class CoverageSerializer(serializers.ModelSerializer):
    school = serializers.CharField(source="school.code")

    class Meta:
        model = Coverage
        fields = [
            "school", "screening_id", "title", "opens_on", "grade_name",
            "invited", "started", "finished", "exempt", "counted_at",
        ]  # fmt: skip


class TotalSerializer(serializers.ModelSerializer):
    county = serializers.CharField(source="county.code", allow_null=True)
    school = serializers.CharField(source="school.code", allow_null=True)
    is_hidden = serializers.SerializerMethodField()

    class Meta:
        model = SuppressedTotal
        fields = ["version", "county", "school", "measure", "value", "is_hidden"]

    def get_is_hidden(self, row: SuppressedTotal) -> bool:
        return row.value is None


def _own_counties():
    """Counties of the person's live posts: places are open tables, so the posts are asked here."""
    posts = live_posts()
    own = {post.county_id for post in posts if post.county_id}
    cities = {post.city_id for post in posts if not post.county_id}
    return County.objects.filter(pk__in=own) | County.objects.filter(city_id__in=cities)


class CountyList(ActingList):
    """Counties of the token's person."""

    scope, serializer_class, queryset = "organisations", CountySerializer, County.objects.none()

    def get_queryset(self):
        return _own_counties().distinct().order_by("code")


class SchoolList(ActingList):
    """Schools of those counties, with what they publish about themselves."""

    scope, serializer_class, queryset = "organisations", SchoolSerializer, School.objects.none()

    def get_queryset(self):
        counties = _own_counties().values("pk")
        return School.objects.filter(county__in=counties).select_related("county").order_by("code")


class CoverageList(ActingList):
    """Invited, started, finished and exempt per screening and grade."""

    scope, serializer_class, queryset = "coverage", CoverageSerializer, Coverage.objects.none()

    def get_queryset(self):
        return Coverage.objects.select_related("school").order_by("school_id", "screening_id", "grade_id")


class TotalList(ActingList):
    """Published versions of the suppressed totals; `value` is null where the cell is hidden, as on the board."""

    scope, serializer_class, queryset = "coverage", TotalSerializer, SuppressedTotal.objects.none()

    def get_queryset(self):
        return SuppressedTotal.objects.select_related("county", "school").order_by("-version", "county_id", "school_id")


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}


schema = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[AllowAny])
app_name = "api"
urlpatterns = [
    path("v1/counties/", for_anyone(WHY)(CountyList.as_view()), name="counties"),
    path("v1/schools/", for_anyone(WHY)(SchoolList.as_view()), name="schools"),
    path("v1/coverage/", for_anyone(WHY)(CoverageList.as_view()), name="coverage"),
    path("v1/totals/", for_anyone(WHY)(TotalList.as_view()), name="totals"),
    path("schema/", for_anyone("a description of the interface holds no data")(schema), name="schema"),
]
