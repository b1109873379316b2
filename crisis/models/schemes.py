"""Which level scheme a county uses, from which day on."""

from django.conf import settings
from django.db import models

from xinyu.access.seal import Open


class SchemeChoice(models.Model):
    """From `from_on` on new statements of the county's schools use this scheme; what was stated before stays as it is.

    Of several choices for one day the later one counts. Only added to: the list is the history.
    """

    county = models.ForeignKey("organisations.County", models.PROTECT, related_name="scheme_choices")
    scheme = models.CharField("方案", max_length=20)
    version = models.CharField("版本", max_length=12)
    from_on = models.DateField("起用日")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Open("which words a county uses for its levels; no student in it", may="SELECT, INSERT")

    class Meta:
        ordering = ["-from_on", "-id"]
        indexes = [models.Index(fields=["county", "-from_on"])]
