"""What people of a Sở Nội vụ achieve in administrative reform: kinds of work by criterion, fields by unit. Made up."""

from collections import Counter, defaultdict
from random import Random

from core.vietnamese import fold

TOO_ALIKE = 0.7  # share of common words from which a head is told of a near-duplicate
# What an achievement of each counted criterion is; the unit's field completes the sentence.
KINDS = {
    "2.5": [
        "Hoàn thành trước hạn việc đột xuất về",
        "Tham mưu kịp thời chỉ đạo về",
        "Gỡ vướng mắc kéo dài về",
        "Tổ chức đợt cao điểm về",
        "Chủ trì rà soát toàn tỉnh về",
    ],
    "3.5": [
        "Khắc phục lỗi bị trừ điểm về",
        "Bổ sung đủ tài liệu kiểm chứng về",
        "Chuẩn hóa số liệu thống kê về",
        "Lịch nhắc hạn báo cáo về",
        "Đối chiếu, khớp số liệu về",
    ],
    "4.1": [
        "Sáng kiến mẫu hóa quy trình",
        "Liên thông dữ liệu phục vụ",
        "Kê khai một lần, dùng nhiều lần cho",
        "Sổ tay nghiệp vụ điện tử về",
        "Cắt giảm bước trung gian trong",
        "Ghép hai thủ tục thành một về",
        "Phiếu kiểm tra tự động phục vụ",
        "Phương pháp rà soát hai vòng về",
    ],
    "4.2": [
        "Phần mềm cảnh báo hạn xử lý",
        "Công cụ tra cứu văn bản về",
        "Biểu mẫu điện tử phục vụ",
        "Bảng số liệu trực quan về",
        "Mã QR tra cứu thủ tục",
    ],
    "4.3": [
        "Cách làm được nơi khác áp dụng về",
        "Quy trình rút gọn được nhân rộng về",
        "Tài liệu tập huấn dùng chung về",
        "Mô hình hướng dẫn mẫu về",
    ],
    "5.5": [
        "Số hóa nhóm hồ sơ về",
        "Làm sạch cơ sở dữ liệu về",
        "Hướng dẫn dùng công cụ số về",
        "Bồi dưỡng kỹ năng số phục vụ",
        "Hỗ trợ nộp hồ sơ trực tuyến về",
    ],
    "6.4": [
        "Thư cảm ơn của công dân về",
        "Gương người tốt, việc tốt về",
        "Báo tỉnh nêu gương về",
        "Gương điển hình quý về",
    ],
}
# What each unit works on.
FIELDS = {
    "bgd": [
        "điều hành nhiệm vụ trọng tâm của Sở",
        "giao ban trực tuyến với các địa phương",
        "kiểm tra giờ giấc, kỷ cương cơ quan",
        "đối thoại với công chức mới tuyển",
    ],
    "vp": [
        "văn bản đến và hồ sơ công việc trên mạng",
        "lịch công tác, phòng họp của lãnh đạo Sở",
        "nhiệm vụ Giám đốc giao từng phòng",
        "tiếp nhận, trả kết quả tại bộ phận một cửa",
        "tài sản công và văn phòng phẩm dùng chung",
        "chi tiêu nội bộ, thanh toán không dùng tiền mặt",
        "tin, bài trên trang thông tin điện tử của Sở",
        "công sở xanh, họp không giấy tờ",
    ],
    "ttra": [
        "đơn thư khiếu nại, tố cáo ngành Nội vụ",
        "kê khai tài sản, thu nhập của công chức",
        "thực hiện kết luận sau thanh tra",
        "tiếp công dân thường xuyên và định kỳ",
        "thanh tra tuyển dụng, bổ nhiệm ở cấp huyện",
        "phản ánh, kiến nghị về thái độ phục vụ",
        "phòng, chống tham nhũng trong cơ quan",
    ],
    "tccb": [
        "biên chế, số người làm việc của các sở, ngành",
        "đề án vị trí việc làm cấp huyện",
        "sắp xếp đơn vị sự nghiệp công lập",
        "chức năng, nhiệm vụ của phòng chuyên môn",
        "quy hoạch, bổ nhiệm cán bộ lãnh đạo",
        "tinh giản biên chế theo từng giai đoạn",
        "hội, quỹ xã hội và quỹ từ thiện",
        "thẩm định đề án tổ chức lại đơn vị",
    ],
    "ccvc": [
        "hồ sơ lý lịch của công chức, viên chức",
        "thi tuyển công chức trên máy tính",
        "nâng bậc lương thường xuyên và trước hạn",
        "đào tạo, bồi dưỡng theo vị trí việc làm",
        "xét thăng hạng viên chức ngành giáo dục",
        "đánh giá, xếp loại chất lượng hằng năm",
        "phụ cấp thâm niên và phụ cấp trách nhiệm",
        "tiếp nhận viên chức vào làm công chức",
    ],
    "xdcq": [
        "hồ sơ, bản đồ địa giới hành chính",
        "phân loại thôn, tổ dân phố",
        "người không chuyên trách ở cấp xã",
        "bầu cử bổ sung đại biểu Hội đồng nhân dân",
        "thực hiện dân chủ ở cơ sở",
        "chính sách thanh niên, đội trí thức trẻ",
        "sắp xếp đơn vị hành chính cấp xã",
        "công tác dân vận của chính quyền",
    ],
    "ctn": [
        "chương trình phát triển thanh niên toàn tỉnh",
        "diễn đàn lãnh đạo tỉnh với thanh niên",
        "chế độ với cựu thanh niên xung phong",
        "thống kê thanh niên ở các huyện",
    ],
    "cchc": [
        "kế hoạch cải cách hành chính của tỉnh",
        "xếp hạng chỉ số các huyện, thành phố",
        "khảo sát sự hài lòng của người dân",
        "thủ tục hành chính nội bộ",
        "tự chấm điểm PAR Index hằng năm",
        "kiểm tra cải cách hành chính cấp xã",
        "tuyên truyền cải cách trên mạng xã hội",
        "bộ phận một cửa hiện đại cấp huyện",
    ],
    "tdkt": [
        "hồ sơ đề nghị khen thưởng cấp Nhà nước",
        "xét công nhận sáng kiến cấp tỉnh",
        "khen thưởng thành tích kháng chiến còn tồn",
        "điển hình tiên tiến trong phong trào thi đua",
        "hoạt động của các cụm, khối thi đua",
        "cấp phát, cấp đổi hiện vật khen thưởng",
        "quản lý Quỹ thi đua, khen thưởng",
        "khen thưởng đột xuất gương dũng cảm",
    ],
    "tg": [
        "đăng ký sinh hoạt tôn giáo tập trung",
        "chức sắc, chức việc và cơ sở thờ tự",
        "lễ hội tín ngưỡng ở cấp huyện",
        "đất đai, xây dựng của cơ sở tôn giáo",
        "thông báo hoạt động tôn giáo hằng năm",
        "gặp mặt chức sắc dịp lễ trọng",
        "bồi dưỡng cán bộ làm công tác tôn giáo",
    ],
    "ttlt": [
        "tài liệu địa chính trước năm 1975",
        "mục lục phông Ủy ban hành chính tỉnh",
        "phục vụ độc giả tại phòng đọc",
        "thu thập tài liệu đến hạn nộp lưu",
        "tu bổ, khử trùng tài liệu giấy cũ",
        "hồ sơ, kỷ vật cán bộ đi B",
        "bảo quản kho lưu trữ lịch sử",
        "triển lãm tài liệu lưu trữ trực tuyến",
    ],
    "ttdv": [
        "phiên giao dịch việc làm lưu động",
        "hồ sơ hưởng trợ cấp thất nghiệp",
        "kết nối cung, cầu lao động trực tuyến",
        "tư vấn nghề cho học sinh cuối cấp",
        "lao động đi làm việc ở nước ngoài",
        "bản tin thị trường lao động hằng tháng",
        "doanh nghiệp đăng ký tuyển dụng",
        "đào tạo nghề ngắn hạn, chuyển đổi nghề",
    ],
}
RESULTS = [
    "Thời gian xử lý trung bình giảm từ {long} ngày xuống {short} ngày làm việc; {many} hồ sơ trong năm không quá hạn.",
    "Đã áp dụng cho {many} hồ sơ; không phát sinh phản ánh, kiến nghị.",
    "Hoàn thành trước kế hoạch {long} ngày; lãnh đạo Sở nhận xét tốt tại giao ban quý.",
    "Giảm {share} % giấy tờ phải nộp; {many} lượt người dùng trong năm.",
    "Số lần phải bổ sung hồ sơ giảm {share} % so với năm trước.",
    "{some} phòng, đơn vị cùng sử dụng; tiết kiệm khoảng {many} giờ làm việc mỗi quý.",
    "Tỷ lệ đúng hạn tăng từ {low} % lên {high} % sau sáu tháng áp dụng.",
    "Được nêu là cách làm tốt trong báo cáo sơ kết cải cách hành chính của Sở.",
]


class Titles:
    """Gives each achievement a title of its own, which no other of its unit or its criterion resembles."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.turns: Counter[tuple[str, str]] = Counter()
        self.given: dict[str, list[set[str]]] = defaultdict(list)

    def next(self, unit: str, criterion: str) -> str:
        known = self.given[unit] + self.given[criterion]
        for _ in range(len(KINDS[criterion]) * len(FIELDS[unit])):
            title = self._turn(unit, criterion)
            words = set(fold(title).split())
            if not any(_resemble(words, other) for other in known):
                break  # when all pairs have been used, the last one comes again
        self.given[unit].append(words)
        self.given[criterion].append(words)
        return title

    def _turn(self, unit: str, criterion: str) -> str:
        """Every kind meets every field once before the first pair comes again."""
        kinds, fields = KINDS[criterion], FIELDS[unit]
        turn = self.turns[unit, criterion] + 3 * sorted(KINDS).index(criterion)
        self.turns[unit, criterion] += 1
        lap, place = divmod(turn, len(fields))
        return f"{kinds[(place + lap) % len(kinds)]} {fields[place]}"

    def result(self) -> str:
        chance = self.chance
        low = chance.randrange(78, 90)
        return chance.choice(RESULTS).format(
            long=chance.randrange(6, 15),
            short=chance.randrange(2, 6),
            many=chance.randrange(3, 40) * 10,
            share=chance.randrange(3, 9) * 5,
            some=chance.randrange(3, 9),
            low=low,
            high=low + chance.randrange(6, 11),
        )


def _resemble(one: set[str], other: set[str]) -> bool:
    return 2 * len(one & other) >= TOO_ALIKE * (len(one) + len(other))
