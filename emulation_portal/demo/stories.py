"""What people of the demo office write and enter: pledges, achievements, figures, reasons. All made up."""

from decimal import Decimal
from random import Random
from typing import Any

from campaigns.models import CampaignYear, Criterion
from campaigns.queries import criteria_in_use

APPROVAL_REASON = "Điều chỉnh theo kết quả họp đơn vị: còn một văn bản tham mưu chậm tiến độ."
APPRAISAL_REASON = "Đối chiếu báo cáo quý và phần mềm theo dõi nhiệm vụ: có nội dung phải bổ sung."
STEP_DOWN = Decimal("0.5")

PLEDGES = [
    "Hoàn thành 100 % nhiệm vụ cải cách hành chính được giao, đúng tiến độ; không để hồ sơ quá hạn.",
    "Chấp hành nghiêm kỷ luật, kỷ cương hành chính; thực hiện tốt văn hóa công sở.",
]
TARGETS = [
    ("4", "Sáng kiến, giải pháp được công nhận", Decimal(1), "sáng kiến"),
    ("2", "Nhiệm vụ hoàn thành đúng hạn", Decimal(100), "%"),
    ("5", "Văn bản xử lý trên môi trường điện tử", Decimal(98), "%"),
    ("6", "Không vi phạm kỷ luật, kỷ cương", None, ""),
]
WORKS = [
    "Xây dựng cơ sở dữ liệu theo dõi nhiệm vụ cải cách hành chính",
    "Rút ngắn thời gian giải quyết thủ tục hành chính lĩnh vực nội vụ",
    "Số hóa hồ sơ cán bộ, công chức, viên chức",
    "Bộ câu hỏi trắc nghiệm tuyên truyền cải cách hành chính",
    "Quy trình điện tử giải quyết thủ tục thi đua, khen thưởng",
    "Mẫu hóa báo cáo cải cách hành chính hằng quý của đơn vị",
    "Tham mưu đề án sắp xếp đơn vị sự nghiệp công lập",
    "Tổ chức tập huấn kỹ năng số cho công chức bộ phận một cửa",
    "Rà soát, đề xuất đơn giản hóa thủ tục hành chính nội bộ",
    "Mô hình “Ngày không hẹn” trong tiếp nhận và trả kết quả",
    "Trợ lý tra cứu văn bản về tổ chức bộ máy",
    "Phong trào công sở xanh, tiết kiệm giấy in",
]
RESULTS = [
    "Đã áp dụng tại đơn vị, giảm thời gian xử lý trung bình từ 5 ngày xuống còn 3 ngày làm việc.",
    "Được lãnh đạo Sở đánh giá tốt và cho nhân rộng trong toàn cơ quan.",
    "Hoàn thành trước thời hạn kế hoạch 10 ngày; không có ý kiến phản ánh.",
    "Phục vụ thường xuyên công tác tổng hợp, báo cáo của đơn vị.",
]


def pledge(year: int) -> str:
    return "\n".join(PLEDGES) + f"\nThực hiện từ nay đến hết năm {year}."


def targets(campaign_year: CampaignYear, chance: Random) -> list[dict[str, Any]]:
    """Two or three registered targets under the campaign's contents."""
    in_use = criteria_in_use(campaign_year)
    contents = {one.code: one for one in in_use.criteria.filter(parent__isnull=True)} if in_use else {}
    return [
        {"criterion": contents.get(code), "target": target, "quantity": quantity, "measure": measure}
        for code, target, quantity, measure in chance.sample(TARGETS, chance.choice([2, 3]))
    ]


def inputs_for(
    criterion: Criterion, quality: float, chance: Random
) -> tuple[dict[str, str], Decimal | None, str]:
    """Inputs, typed score and note for one line of a sheet, as somebody of this quality would give them."""
    params, good = criterion.params, chance.random() < quality
    match criterion.method:
        case "typed":
            step = Decimal(params["step"])
            steps = int(
                (Decimal(params["max"]) - Decimal(params["min"])) / step * Decimal(str(round(quality, 2)))
            )
            return {}, Decimal(params["min"]) + steps * step, ""
        case "all_or_nothing":
            return {"met": "1" if good else "0"}, None, ""
        case "tiered_choice":
            return {"choice": params["choices"][0 if good else 1]["label"]}, None, ""
        case "tiered_threshold":
            return {"value": str(92 + chance.randrange(8) if good else 75 + chance.randrange(10))}, None, ""
        case "proportional":
            whole = 80 + chance.randrange(120)
            done = whole if good else whole - chance.randrange(1, 12)
            return {"numerator": str(done), "denominator": str(whole)}, None, ""
        case "deduct_per_case":
            return {"count": "0" if good else "1"}, None, ""
    return {"count": "0"}, None, ""
