"""@allow on a view says which verb it needs; every view of the platform carries exactly one declaration."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from .actor import looking_through
from .permissions import roles_for

#: said to somebody whose account waits for its first post, or whose posts have ended
NO_POST = "您的账号现在没有生效的岗位，所以看不到任何内容。授权并经第二人批准后，重新打开这一页即可。"


def declare(view: Callable, what: str) -> Callable:
    """Leave on the view what it declares: the house test that walks the URLs reads it."""
    view.declares = what  # type: ignore[attr-defined]
    return view


def may(request, verb: str) -> bool:
    """Whether one of the person's live posts carries the verb."""
    return any(post.role in roles_for(verb) for post in request.posts)


def allow(verb: str) -> Callable:
    """May I: 403 when no live post of the person carries `verb`. The database answers which rows.

    Of several posts only those that carry the verb give sight inside the view: verb and rows meet at one place.
    """
    roles = roles_for(verb)  # a verb that is not in the table fails when the module is imported

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not request.posts:
                raise PermissionDenied(NO_POST)
            if not may(request, verb):
                raise PermissionDenied(verb)
            if all(post.role in roles for post in request.posts):
                return view(request, *args, **kwargs)
            with looking_through(roles):
                return view(request, *args, **kwargs)

        return declare(wrapper, verb)

    return decorate


def for_anyone(why: str) -> Callable:
    """A page without log-in, and why it needs none."""

    def decorate(view):
        return declare(login_not_required(view), f"anyone: {why}")

    return decorate


def for_signed_in(why: str) -> Callable:
    """A page for every logged-in person whatever the post, and why."""

    def decorate(view):
        return declare(view, f"signed in: {why}")

    return decorate


def in_one_transaction(view: Callable) -> Callable:
    """For pages that a whole school asks for at once: no savepoint inside the transaction of the actor's middleware.

    What the savepoint is for is done to that transaction itself: a page that raises (404, 403, 500) keeps no writes.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Exception:
            transaction.set_rollback(True)
            raise

    return transaction.non_atomic_requests(wrapper)


def for_keyed(kind: str) -> Callable:
    """A page for an actor who holds a key: a sitting, a card, a consent link, a slip. Others get 404."""

    def decorate(view):
        view = in_one_transaction(view)

        @login_not_required
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not request.actor.startswith(f"{kind}:"):
                raise Http404
            return view(request, *args, **kwargs)

        return declare(wrapper, f"keyed: {kind}")

    return decorate
