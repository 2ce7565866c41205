"""The law that has changed while a review runs: what is different, and who would be judged otherwise by it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from awards.models import Review
from awards.queries.later_law import compared
from awards.views.access import only_with


@require_safe
@only_with("awards.prepare_review")
def review_later_law(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    found = compared(review)
    if found is None:
        raise Http404
    later, differences, changed = found
    context = {"review": review, "later": later, "differences": differences, "changed": changed}
    return render(request, "awards/reviews/later_law.html", context)
