"""Forms over a round of an index."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from campaigns.models import CampaignYear
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, PortalModelForm
from organization.models import Unit


class RoundForm(PortalModelForm):
    """Whom the round scores, how strictly the calendar holds and whether the council concludes."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    layout = ("version", "people", "locks", "needs_council")

    class Meta:
        model = CampaignYear
        fields = ("people", "locks", "needs_council")
        help_texts = {
            "people": "Chọn theo chức vụ của từng người vào ngày cuối của đợt. Chỉ có tác dụng khi bộ tiêu chí chấm cá "
            "nhân; phiếu đã mở giữ nguyên.",
            "locks": "Sau 23:59 ngày cuối của mỗi công đoạn, cột của công đoạn đó không sửa được nữa, trừ đơn vị "
            "được gia hạn. Không chọn thì cổng chỉ ghi ai nộp muộn.",
            "needs_council": "Mỗi phiếu chỉ được công bố sau khi Văn phòng Sở ghi kết luận của Hội đồng.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class ExtensionForm(PortalForm):
    """More time for one unit in one stage."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    stage = forms.ChoiceField(label="Công đoạn")
    until = DateFormField(label="Gia hạn đến hết ngày")
    reason = TextFormField(label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    layout = (
        Row(Column("unit", css_class="col-md-6"), Column("stage", css_class="col-md-6")),
        "until",
        "reason",
    )

    def __init__(self, *args: Any, campaign_year: CampaignYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = campaign_year.participants.values("unit")
        units = Unit.objects.open()
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            units.filter(pk__in=listed) if listed.exists() else units.scored()
        )
        dated = set(campaign_year.deadlines.values_list("stage", flat=True))
        self.fields["stage"].choices = [  # type: ignore[attr-defined]
            (stage.value, stage.label) for stage in campaign_year.campaign.stages if stage.value in dated
        ]
