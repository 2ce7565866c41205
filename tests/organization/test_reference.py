"""Kinds of unit and posts come from their files; loading again changes nothing."""

from collections import Counter
from pathlib import Path

import pytest

from core.reference import ReferenceError, read, records
from organization.models import Post, UnitKind
from organization.reference import load

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "organization"


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    assert Counter(change.kind for change in load(FOLDER)) == {
        "added": UnitKind.objects.count() + Post.objects.count()
    }
    assert Counter(change.kind for change in load(FOLDER)) == {
        "unchanged": UnitKind.objects.count() + Post.objects.count()
    }
    Post.objects.filter(code="chuyen-vien").update(name="Khác")
    changed = [str(change) for change in load(FOLDER) if change.kind == "changed"]
    assert changed == ["chức vụ chuyen-vien: thay đổi"]
    assert Post.objects.get(code="chuyen-vien").name == "Chuyên viên"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("posts: 3", "dòng 1: phải có danh sách"),
        ("posts:\n  - {code: a, code: b}", "dòng 2: không đọc được YAML .khóa “code” lặp lại"),
        ("posts:\n  - {name: b}", "dòng 2: thiếu code"),
        ("posts: [\n", "không đọc được YAML"),
        ("posts:\n  - !!python/object/apply:os.system ['true']", "không đọc được YAML"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "posts.yaml").write_text(text)
    with pytest.raises(ReferenceError, match=sentence):
        records(read(tmp_path / "posts.yaml"), "posts")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("post", "sentence"),
    [
        ("{code: a, name: A, order: nhiều, is_leader: true}", "dòng 2: order: giá trị “nhiều” không hợp lệ"),
        ("{code: a, name: A, order: 1, is_leader: true, kinds: [lạ]}", "không có loại đơn vị lạ"),
        (
            "{code: a, name: A, order: 1, is_leader: true}\n  - {code: a, name: B, order: 2, is_leader: true}",
            "“a” lặp lại",
        ),
    ],
)
def test_a_wrong_value_is_named_too(post: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "unit_kinds.yaml").write_text("unit_kinds:\n  - {code: so, name: Sở, order: 1}\n")
    (tmp_path / "posts.yaml").write_text(f"posts:\n  - {post}\n")
    with pytest.raises(ReferenceError, match=sentence):
        load(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReferenceError, match="Không thấy tệp"):
        read(tmp_path / "none.yaml")
