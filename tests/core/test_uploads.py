"""The file field: says in Vietnamese what to choose, what is welcome, and which file must be chosen again."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from core.fields import TextFormField
from core.forms import PortalForm, UploadField
from tests.trust.corpus import PDF


class Parcel(PortalForm):
    layout = ("file", "title", "extra")
    file = UploadField(label="Tệp")
    title = TextFormField(label="Tên")
    extra = UploadField(label="Phụ lục", required=False, kinds=["xlsx"], words="tệp .xlsx", largest=5 * 2**20)


def drawn(form: PortalForm) -> str:
    return render_to_string("components/form.html", {"form": form, "submit": "Gửi"})


def test_the_field_says_what_it_takes_and_how_much() -> None:
    page = drawn(Parcel())
    assert (
        "Nhận PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), ảnh JPG hoặc PNG; tối đa 25 MB." in page
    )
    assert "Không bắt buộc. Nhận tệp .xlsx; tối đa 5 MB." in page
    assert 'accept=".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.pptx"' in page
    assert page.count("Chọn tệp</label>") == 2
    assert page.count("Chưa chọn tệp") == 2


def test_the_hint_and_the_error_belong_to_the_box() -> None:
    page = drawn(Parcel({"title": "Quyết định"}, {}))
    assert "Hãy chọn tệp." in page
    assert 'aria-invalid="true"' in page
    assert "id_file_helptext" in page


def test_a_file_that_came_with_a_faulty_form_is_asked_for_by_name() -> None:
    form = Parcel({"title": ""}, {"file": SimpleUploadedFile("Quyết định <12>.pdf", PDF)})
    assert list(form.errors) == ["title"]
    assert "Hãy chọn lại tệp “Quyết định &lt;12&gt;.pdf”" in drawn(form)


def test_every_upload_is_judged_by_its_content() -> None:
    form = Parcel(
        {"title": "x"},
        {"file": SimpleUploadedFile("a.pdf", b"MZ"), "extra": SimpleUploadedFile("b.xlsx", b"")},
    )
    assert "không phải là .pdf" in form.errors["file"][0]
    assert "rỗng (0 byte)" in form.errors["extra"][0]
