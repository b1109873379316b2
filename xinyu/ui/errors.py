"""Calm error pages. They read no database and run no context processor: the thing that broke may be either."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

#: where students answer; they have no navigation to go back to
STUDENTS = "/a/"
LAST_RESORT = (
    "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>暂时无法打开</title>"
    "<h1>暂时无法打开</h1><p>请稍后再试。紧急情况请直接联系当事人，全国统一心理援助热线 12356。</p></html>"
)


def request_id(request: HttpRequest | None) -> str:
    """The number a person can read out to the administrator; '' when the request carries none."""
    return str(getattr(request, "request_id", "") or "")


def page(request: HttpRequest | None, status: int, reason: str = "") -> HttpResponse:
    """The page errors/<status>.html, with a bare fallback if even that cannot be drawn."""
    try:
        context = {"request_id": request_id(request), "reason": reason, "status": status}
        html: str = render_to_string(f"errors/{status}.html", context)
    except Exception:  # noqa: BLE001 - an error page that fails must still say something
        html = LAST_RESORT
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403; a sentence given to PermissionDenied is shown, a verb's code (ASCII) is not for the reader."""
    said = str(exception or "")
    return page(request, 403, "" if said.isascii() else said)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404. The exception's text is not shown: it may name a row the reader may not know of."""
    return left_sitting(request, 404) if is_of_students(request) else page(request, 404)


def is_of_students(request: HttpRequest | None) -> bool:
    return request is not None and request.path.startswith(STUDENTS)


def left_sitting(request: HttpRequest, status: int) -> HttpResponse:
    """A student whose sitting was left or has run out, by Back or by the clock: nothing of it, and the way in again."""
    html = render_to_string("answer/left.html", {"request_id": request_id(request), "door": STUDENTS})
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store", "Refresh": f"60; url={STUDENTS}"})


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return page(request, 500)


def service_unavailable(request: HttpRequest, retry_after: int = 20) -> HttpResponse:
    """For the middleware that notices a dead database; `retry_after` in seconds."""
    response = page(request, 503)
    response["Retry-After"] = str(retry_after)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW: nearly always a log-in that ended while the page stood open."""
    if is_of_students(request):
        return left_sitting(request, 403)
    return page(request, 403, "登录状态已更新，这个页面已过期。请返回上一页，复制尚未保存的文字，刷新后再提交。")
