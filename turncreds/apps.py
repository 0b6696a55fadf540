from django.apps import AppConfig


class TurncredsConfig(AppConfig):
    name = "turncreds"
