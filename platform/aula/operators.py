from django.contrib.admin.apps import AdminConfig


class OperatorsConfig(AdminConfig):
    """Django admin, whose own site is that of the operators."""

    default_site = "accounts.operator_site.OperatorSite"
