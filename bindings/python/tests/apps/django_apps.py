"""Django with django-cors-headers. Tests override the settings for the mistakes that people make."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

CORS = "corsheaders.middleware.CorsMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"

settings.configure(
    ALLOWED_HOSTS=["api.example", "127.0.0.1"],
    CORS_ALLOW_CREDENTIALS=True,
    CORS_ALLOWED_ORIGINS=["https://app.example"],
    CORS_ALLOW_HEADERS=["content-type"],
    CORS_ALLOW_METHODS=["GET", "PUT"],
    CORS_EXPOSE_HEADERS=["etag"],
    INSTALLED_APPS=["corsheaders"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[CORS, COMMON],
    ROOT_URLCONF=__name__,
    SECRET_KEY="tests",
)


def items(request: HttpRequest) -> HttpResponse:
    return JsonResponse([], safe=False, headers={"ETag": '"1"'})


def crash(request: HttpRequest) -> HttpResponse:
    raise LookupError("the table is gone")


urlpatterns = [path("items/", items), path("crash/", crash)]
django.setup()
app = wsgi = WSGIHandler()
asgi = ASGIHandler()
