"""Signing in and out, and passwords."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    LoginView,
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from organization import actions
from organization.actions import HELD
from organization.forms import ChangePasswordForm, ResetRequestForm, SetPasswordForm, SignInForm
from organization.middleware import time_left
from organization.models import User


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The sign-in page. After it a held form, if there is one, comes before everything else."""

    template_name = "signin/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        held = self.request.session.get(HELD)
        secret = self.request.META.get("CSRF_COOKIE", "")
        response = super().form_valid(form)
        user = form.get_user()
        actions.signed_in(self.request, user)
        self.request.session.pop(HELD, None)
        if held and held["user"] == user.pk:
            self.request.session[HELD] = held
            response = HttpResponseRedirect(reverse("held_form"))
        actions.remember_user(self.request, response, user, secret=secret)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        username = form.cleaned_data.get("username")
        if username and form.non_field_errors():
            actions.sign_in_failed(self.request, username)
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "holds_form": HELD in self.request.session}


@require_http_methods(["GET", "POST"])
def session_time(request: HttpRequest) -> JsonResponse:
    """How many seconds are left. Asking (GET) does not lengthen the session, "Làm tiếp" (POST) does."""
    left, can_go_on = time_left(request)
    return JsonResponse({"left": int(left.total_seconds()), "can_go_on": can_go_on})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actions.sign_out(request)
    messages.info(request, "Bạn đã đăng xuất.")
    response = redirect("login")
    actions.forget_user(response)
    return response


@login_not_required
def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Shown by django-axes after repeated failures."""
    actions.locked_out(request, request.POST.get("username", ""))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "signin/locked.html", {"minutes": minutes}, status=429)


def change_password(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user, form.cleaned_data["new_password1"], by=user)
        update_session_auth_hash(request, user)
        actions.remember_session(request, user)
        messages.success(request, "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã bị đóng.")
        return _on(request)
    return render(request, "signin/password_change.html", {"form": form}, status=422 if form.errors else 200)


def _on(request: HttpRequest) -> HttpResponse:
    """To the page that was asked for before the password had to be changed, if it is one of ours."""
    target = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if is_ours else "home")


@method_decorator(login_not_required, name="dispatch")
class ResetRequest(PasswordResetView):
    template_name = "signin/reset_request.html"
    form_class = ResetRequestForm

    def form_valid(self, form: ResetRequestForm) -> HttpResponse:
        actions.ask_password_reset(form.cleaned_data["email"])
        return redirect("password_reset_done")


@method_decorator(login_not_required, name="dispatch")
class ResetDone(PasswordResetDoneView):
    template_name = "signin/reset_done.html"


@method_decorator(login_not_required, name="dispatch")
class ResetConfirm(PasswordResetConfirmView):
    """The link of the letter: good once, for an hour, and only while the account is open."""

    template_name = "signin/reset_confirm.html"
    form_class = SetPasswordForm

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        actions.change_password(self.user, form.cleaned_data["new_password1"], by=self.user)
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        return redirect("password_reset_complete")


@method_decorator(login_not_required, name="dispatch")
class ResetComplete(PasswordResetCompleteView):
    template_name = "signin/reset_complete.html"
