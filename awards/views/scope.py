"""The page on which the Office says who takes part in a review and which papers it wants."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from awards.actions.scope import set_scope
from awards.forms.reviews import ScopeForm
from awards.models import Review
from awards.views.access import only_with
from core.workflow import Refused


@require_http_methods(["GET", "POST"])
@only_with("awards.prepare_review")
def review_scope(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    if review.state not in (Review.State.PLANNED, Review.State.OPEN):
        raise Http404
    back = reverse("awards:review_detail", args=[pk])
    form = ScopeForm(request.POST or None, review=review)
    if form.is_valid():
        try:
            set_scope(review, by=request.user, **form.cleaned_data)
            messages.success(request, "Đã lưu phạm vi của đợt.")
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "title": "Phạm vi của đợt",
        "back": back,
        "back_label": review.title,
        "submit": "Lưu",
    }
    return render(request, "awards/form.html", context, status=422 if form.errors else 200)
