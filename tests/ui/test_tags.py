import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from xinyu.ui import icons
from xinyu.ui.frame import Fact
from xinyu.ui.tones import tone_of


def render(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def test_icon_is_an_inline_drawing_hidden_from_screen_readers():
    html = render('{% icon "home" %}')
    assert html.startswith("<svg") and 'aria-hidden="true"' in html and "<path" in html
    assert "style=" not in html


def test_icon_label_is_spoken_and_escaped():
    html = render('{% icon "bell" label=label %}', label='<b>"')
    assert 'aria-label="&lt;b&gt;&quot;"' in html


@pytest.mark.parametrize("name", ["../../settings", "a/b", "A", "x.svg"])
def test_icon_name_cannot_leave_the_folder(name):
    with pytest.raises(icons.UnsafeIconName):
        icons.svg(name)


def test_icon_that_is_not_built_still_draws_something(caplog):
    assert "<path" in icons.svg("no-such-drawing")
    assert "no-such-drawing" in caplog.text


def test_badge_says_its_state_in_words():
    html = render("{% badge fact %}", fact=Fact("关注中 <b>", "eye", "info"))
    assert "关注中 &lt;b&gt;" in html and "xy-tone-info" in html and "<svg" in html


@pytest.mark.parametrize(
    ("value", "name"),
    [("warning", "notice"), ("error", "urgent"), ("extra success", "good"), (None, "neutral"), ("odd", "neutral")],
)
def test_tone_of_messages_and_unknown_words(value, name):
    assert tone_of(value).name == name


def test_masked_and_dash_in_a_template():
    text = '{{ phone|masked }} {{ name|masked:"1,0" }} {{ none|or_dash }} {{ zero|or_dash }}'
    assert render(text, phone="13800000012", name="王小明", none=None, zero=0) == "138******12 王** — 0"


def test_a_number_is_shown_with_its_hours_and_dialled_without():
    html = render(
        '<a href="tel:{{ number|dial }}">{{ number }}</a>{{ none|dial }}', number="12355（8:00—22:00）", none=None
    )
    assert html == '<a href="tel:12355">12355（8:00—22:00）</a>'


def test_page_query_keeps_the_rest_of_the_address(rf):
    request = rf.get("/?q=王&page=3")
    html = render('{% page_query "page" 4 "q" q %}', request=request, q="李")
    assert QueryDict(html.replace("&amp;", "&").lstrip("?")).dict() == {"q": "李", "page": "4"}
    assert render('{% page_query "page" "" "q" None %}', request=request) == "?"


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="与学籍一致")
    kind = forms.MultipleChoiceField(
        label="来源",
        choices=[("a", "班主任反映"), ("b", "本人求助")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="已说明保密原则")
    file = forms.FileField(label="名册")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_ties_help_and_error_to_its_input():
    html = render("{% field form.name %}", form=Sample({"name": ""}))
    assert 'for="id_name"' in html and 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html and 'aria-invalid="true"' in html


def test_form_renders_every_field_with_the_house_template_and_keeps_what_was_typed():
    form = Sample({"name": "欧阳<明>", "kind": ["b"]})
    html = str(form)
    assert html.count('class="xy-field"') == 4 and 'type="hidden" name="token"' in html
    assert "<legend>来源" in html and 'value="b" id="id_kind_1" checked' in html.replace('" class=""', '"')
    assert "您填写的内容都还在" in html and "xy-drop" in html


def test_form_without_errors_has_no_alert_and_marks_what_is_optional():
    html = str(Sample())
    assert 'role="alert"' not in html and html.count("（选填）") == 1
    assert "欧阳&lt;明&gt;" in str(Sample({"name": "欧阳<明>"}))
