"""Addresses of signing in; at the top level because they come before everything."""

from django.urls import path

from organization.views import held, signin

urlpatterns = [
    path("dang-nhap/", signin.SignIn.as_view(), name="login"),
    path("dang-xuat/", signin.sign_out, name="logout"),
    path("phien/", signin.session_time, name="session_time"),
    path("tiep-tuc/", held.held_form, name="held_form"),
    path("doi-mat-khau/", signin.change_password, name="password_change"),
    path("quen-mat-khau/", signin.ResetRequest.as_view(), name="password_reset"),
    path("quen-mat-khau/da-gui/", signin.ResetDone.as_view(), name="password_reset_done"),
    path("dat-lai-mat-khau/<uidb64>/<token>/", signin.ResetConfirm.as_view(), name="password_reset_confirm"),
    path("dat-lai-mat-khau/xong/", signin.ResetComplete.as_view(), name="password_reset_complete"),
]
