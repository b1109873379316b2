from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Every form of the platform: one template for a field, one for the whole (settings.FORM_RENDERER)."""

    field_template_name = "components/field.html"
    form_template_name = "components/form.html"
