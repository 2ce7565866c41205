"""Addresses of the Sở: units, people, roles, accounts, Excel sheets."""

from django.urls import path

from organization.views import accounts, imports, people, roles, units, workdays

app_name = "organization"
urlpatterns = [
    path("don-vi/", units.unit_list, name="unit_list"),
    path("don-vi/them/", units.unit_create, name="unit_create"),
    path("don-vi/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("don-vi/<int:pk>/doi-ten/", units.unit_rename, name="unit_rename"),
    path("don-vi/<int:pk>/sua/", units.unit_correct, name="unit_correct"),
    path("don-vi/<int:pk>/sap-xep/", units.unit_move, name="unit_move"),
    path("don-vi/<int:pk>/ket-thuc/", units.unit_close, name="unit_close"),
    path("don-vi/<int:pk>/sap-nhap/", units.unit_merge, name="unit_merge"),
    path("don-vi/<int:pk>/chia-tach/", units.unit_split, name="unit_split"),
    path("nhan-su/", people.person_list, name="person_list"),
    path("nhan-su/them/", people.person_create, name="person_create"),
    path("nhan-su/<int:pk>/", people.person_detail, name="person_detail"),
    path("nhan-su/<int:pk>/sua/", people.person_change, name="person_change"),
    path("nhan-su/<int:pk>/dieu-dong/", people.person_transfer, name="person_transfer"),
    path("nhan-su/<int:pk>/thoi-viec/", people.person_leave, name="person_leave"),
    path("nhan-su/<int:pk>/tro-lai/", people.person_return, name="person_return"),
    path("nhan-su/<int:pk>/vai-tro/", roles.appointment_create, name="appointment_create"),
    path("nhan-su/<int:pk>/mo-tai-khoan/", accounts.account_open, name="account_open"),
    path("vai-tro/<int:pk>/ket-thuc/", roles.appointment_end, name="appointment_end"),
    path("uy-quyen/", roles.delegation_create, name="delegation_create"),
    path("tai-khoan/", accounts.account_list, name="account_list"),
    path("tai-khoan/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("tai-khoan/<int:pk>/vo-hieu/", accounts.account_disable, name="account_disable"),
    path("tai-khoan/<int:pk>/mo-lai/", accounts.account_enable, name="account_enable"),
    path("tai-khoan/<int:pk>/cap-mat-khau/", accounts.account_reset, name="account_reset"),
    path("tai-khoan/<int:pk>/mo-khoa/", accounts.account_unlock, name="account_unlock"),
    path("tai-khoan-cua-toi/", accounts.account, name="account"),
    path("tai-khoan-cua-toi/dong-phien/", accounts.account_close_sessions, name="account_close_sessions"),
    path("lich-lam-viec/", workdays.workdays_now, name="workdays_now"),
    path("lich-lam-viec/<int:year>/", workdays.workdays_year, name="workdays_year"),
    path("lich-lam-viec/<int:year>/lap/", workdays.workdays_open, name="workdays_open"),
    path("lich-lam-viec/<int:year>/xac-nhan/", workdays.workdays_confirm, name="workdays_confirm"),
    path("lich-lam-viec/ngay/<int:pk>/xoa/", workdays.workdays_remove, name="workdays_remove"),
    path("nhap-excel/", imports.import_list, name="import_list"),
    path("nhap-excel/mau/<slug:kind>/", imports.import_template, name="import_template"),
    path("nhap-excel/tai-len/", imports.import_upload, name="import_upload"),
    path("nhap-excel/<int:pk>/", imports.import_preview, name="import_preview"),
    path("nhap-excel/<int:pk>/xac-nhan/", imports.import_confirm, name="import_confirm"),
]
