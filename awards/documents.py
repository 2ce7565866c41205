"""The award list as a Word paper."""

from awards import queries
from awards.models import AwardList
from core.documents import render_word

TEMPLATE = "awards/award_list.docx"


def award_list_word(award_list: AwardList) -> bytes:
    return render_word(TEMPLATE, {"paper": queries.paper(award_list)})
