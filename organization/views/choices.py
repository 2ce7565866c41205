"""The choices on "Tài khoản của tôi": how often to be reminded, and the private calendar link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.views import perform
from organization import actions
from organization.models import User


@require_POST
def digest_choose(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    choice = request.POST.get("digest", "")
    done = "Đã lưu cách nhận thư nhắc."
    perform(request, lambda: actions.choose_digest(me, choice=choice, by=me), done=done)
    return redirect("organization:account")


@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    had = bool(me.calendar_key)
    actions.renew_calendar(me, by=me)
    sentence = (
        "Đã đổi địa chỉ lịch; địa chỉ cũ không dùng được nữa."
        if had
        else "Đã tạo địa chỉ lịch riêng của bạn."
    )
    messages.success(request, sentence)
    return redirect("organization:account")


@require_POST
def calendar_stop(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    actions.stop_calendar(me, by=me)
    messages.success(request, "Đã tắt địa chỉ lịch; không ai đọc được lịch của bạn nữa.")
    return redirect("organization:account")


def _me(request: HttpRequest) -> User:
    """The row itself, which an act can lock; the request holds a stand-in for it."""
    return User.objects.select_related("person").get(pk=request.user.pk)  # type: ignore[misc]
