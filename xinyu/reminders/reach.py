"""For which place a person reads and answers seasonal work: the county, the own school, the own classes."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from xinyu.access.permissions import BUREAU
from xinyu.organisations.models import County, Klass, School

#: these read every check of their school; grade heads and homeroom teachers those of their own
WHOLE_SCHOOL = frozenset({"counselor", "principal"})
ANSWERS_FOR_CLASS = frozenset({"homeroom", "grade_head", "counselor"})


@dataclass(frozen=True)
class Reach:
    """`roles` at the place; `klass_ids` whose checks the person reads; `is_bureau` reads counts of schools only."""

    county: County
    school: School | None
    roles: frozenset[str]
    klass_ids: frozenset[int]
    is_bureau: bool


def own_schools(request: HttpRequest) -> list[int]:
    posts = request.posts  # type: ignore[attr-defined]
    return list(dict.fromkeys(post.school_id for post in posts if post.school_id))


def counties_of(request: HttpRequest) -> list[County]:
    """Counties of the person's county and city posts."""
    posts = [post for post in request.posts if not post.school_id]  # type: ignore[attr-defined]
    own = {post.county_id for post in posts if post.county_id}
    cities = {post.city_id for post in posts if not post.county_id}
    found = County.objects.filter(pk__in=own) | County.objects.filter(city__in=cities)
    return list(found.select_related("city"))


def reach_of(request: HttpRequest, school_id: int | None = None, county_id: int | None = None) -> Reach:
    """The place asked for, else the person's first. Http404 when it is not the person's own or there is none."""
    schools = own_schools(request)
    if county_id is None and schools:
        if school_id is not None and school_id not in schools:
            raise Http404
        return school_reach(request, school_id or schools[0])
    counties = {county.pk: county for county in counties_of(request)}
    if school_id is not None or not counties or (county_id is not None and county_id not in counties):
        raise Http404
    county = counties[county_id] if county_id else next(iter(counties.values()))
    posts = request.posts  # type: ignore[attr-defined]
    roles = {post.role for post in posts if not post.school_id and post.county_id in (None, county.pk)}
    return Reach(county, None, frozenset(roles), frozenset(), bool(roles & BUREAU))


def school_reach(request: HttpRequest, school_id: int) -> Reach:
    school = get_object_or_404(School.objects.select_related("county__city"), pk=school_id)
    posts = [post for post in request.posts if post.school_id == school_id]  # type: ignore[attr-defined]
    roles = frozenset(post.role for post in posts)
    klasses = Klass.objects.filter(school=school)
    if not roles & WHOLE_SCHOOL:
        grades = {post.grade_id for post in posts if post.role == "grade_head"}
        own = {post.klass_id for post in posts if post.role == "homeroom"}
        klasses = klasses.filter(grade__in=grades) | klasses.filter(pk__in=own)
    return Reach(school.county, school, roles, frozenset(klasses.values_list("pk", flat=True)), False)


def klass_to_check(request: HttpRequest, klass_id: int) -> Klass:
    """A class that one of the person's posts answers for; Http404 otherwise."""
    klass = get_object_or_404(Klass.objects.select_related("grade", "school__county__city"), pk=klass_id)
    own = {"homeroom": klass.pk, "grade_head": klass.grade_id, "counselor": klass.school_id}
    for post in request.posts:  # type: ignore[attr-defined]
        if post.role in ANSWERS_FOR_CLASS and own[post.role] == post.place_id:
            return klass
    raise Http404
