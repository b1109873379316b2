"""{% load ui %}: icons, tones, Chinese dates and shares, masked text, form controls, query strings."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from xinyu.ui import icons, wording
from xinyu.ui.tones import Tone, tone_of

register = template.Library()

Amount = float | Decimal | None

_CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def icon(name: str, label: str = "", size: int = 20) -> SafeString:
    """{% icon "home" %} or {% icon "bell" label="未读消息" %} → inline svg; '' for an empty name."""
    return mark_safe(icons.svg(name, conditional_escape(label), size)) if name else mark_safe("")  # noqa: S308


@register.filter
def tone(value: object) -> str:
    """CSS class of a tone name, a message tag or an object with `.tone`."""
    return f"xy-tone-{tone_of(value).name}"


@register.filter
def tone_facts(value: object) -> Tone:
    """The Tone itself, for its default icon and spoken words."""
    return tone_of(value)


@register.simple_tag
def badge(fact: object) -> SafeString:
    """A status in words, with an icon and a tone, from anything with .label (and .icon, .tone)."""
    kind = tone_of(fact)
    drawing = icon(str(getattr(fact, "icon", "") or kind.icon), size=16)
    label = getattr(fact, "label", fact)
    return format_html('<span class="xy-badge xy-tone-{}">{}<span>{}</span></span>', kind.name, drawing, label)


def _local(value: date | datetime | None) -> date | datetime | None:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def cn_date(value: date | None) -> str:
    """2026年9月1日."""
    return wording.day(_local(value) or None)


@register.filter
def cn_weekday(value: date | None) -> str:
    """2026年9月1日 周二."""
    return wording.day_weekday(_local(value) or None)


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年9月1日 08:05 in the current time zone; a plain date is written without a time."""
    local = _local(value) or None
    return wording.moment(local) if isinstance(local, datetime) else wording.day(local)


@register.simple_tag
def cn_span(start: date | None, end: date | None) -> str:
    """2026年9月1日至9月30日."""
    return wording.span(_local(start) or None, _local(end) or None)


@register.simple_tag
def percent(part: Amount, whole: Amount = None, places: int = 1) -> str:
    """{% percent share %} or {% percent done invited %}; a dash when unknown ('' is a template's nothing)."""
    return wording.percent(None if part == "" else part, None if whole == "" else whole, places)


@register.filter
def masked(value: str | None, keep: str = "3,2") -> str:
    """{{ number|masked }} keeps 3 characters at the start and 2 at the end; {{ name|masked:"1,0" }}."""
    start, end = (int(part) for part in keep.split(","))
    return wording.masked(None if value is None else str(value), start, end)


@register.filter
def dial(value: str | None) -> str:
    """href="tel:{{ hotline|dial }}": what a telephone dials of a number that is shown with its hours."""
    return wording.dialled(value or "")


@register.filter
def today_name(place: object) -> str:
    """What a class or grade is called today (初二1班): a year group is named by the school year it is in."""
    named = getattr(place, "name_on", None)
    return named(timezone.localdate()) if named else str(place or "")


@register.filter
def or_dash(value: object) -> object:
    """A dash for None and '' (not for 0)."""
    return wording.NOTHING if value is None or value == "" else value


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        return "form-select"
    return "" if isinstance(widget, _CHECKS) else "form-control"


def _described_by(field: BoundField) -> str:
    parts = [f"{field.auto_id}_helptext"] if field.help_text else []
    return " ".join(parts + ([f"{field.auto_id}_error"] if field.errors else []))


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a bound field with its class and the ids of its help and errors."""
    widget = field.field.widget
    names = [widget.attrs.get("class", ""), _control_class(widget), "is-invalid" if field.errors else ""]
    attrs: dict[str, str | bool] = {"class": " ".join(name for name in names if name)}
    if described := _described_by(field):
        attrs["aria-describedby"] = described
    # Django's own empty choice is a row of dashes, which a screen reader spells out
    return mark_safe(field.as_widget(attrs=attrs).replace(">---------<", ">请选择<"))  # noqa: S308 - the widget's own html


@register.filter
def control_kind(field: BoundField) -> str:
    """Which shape of field.html draws it: hidden, check, group, file or plain."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> Mapping[str, BoundField]:
    """{% field form.name %}: label, input, help and errors of one field."""
    return {"field": bound}


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, *pairs: object) -> str:
    """{% page_query "page" 2 "sort" "" %}: the current query string with names replaced ('' or None removes)."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        if value in (None, ""):
            query.pop(str(name), None)
        else:
            query[str(name)] = str(value)
    return f"?{query.urlencode()}"
