import pytest
from django.core.exceptions import PermissionDenied

from xinyu.ui import errors


@pytest.fixture
def request_with_id(rf):
    request = rf.get("/students/1")
    request.request_id = "7f3a09c21be4"
    return request


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_error_pages_are_calm_and_carry_the_request_id(request_with_id, status):
    response = errors.page(request_with_id, status)
    html = response.content.decode()
    assert response.status_code == status and response["Cache-Control"] == "no-store"
    assert "请求编号 7f3a09c21be4" in html
    assert "Traceback" not in html and "Error" not in html


def test_404_never_repeats_what_was_looked_for(request_with_id):
    assert "李秘密" not in errors.page_not_found(request_with_id, Exception("李秘密")).content.decode()


def test_403_shows_the_sentence_it_was_given_escaped(request_with_id):
    html = errors.permission_denied(request_with_id, PermissionDenied("只有作者能看<b>")).content.decode()
    assert "只有作者能看&lt;b&gt;" in html


def test_503_tells_the_browser_when_to_come_back(request_with_id):
    assert errors.service_unavailable(request_with_id, 30)["Retry-After"] == "30"


def test_an_error_page_that_cannot_be_drawn_still_says_something(request_with_id):
    response = errors.page(request_with_id, 499)  # there is no such template
    assert response.status_code == 499 and "12356" in response.content.decode()


def test_csrf_failure_tells_how_to_save_the_text(request_with_id):
    response = errors.csrf_failure(request_with_id, "token")
    assert response.status_code == 403 and "复制尚未保存的文字" in response.content.decode()
