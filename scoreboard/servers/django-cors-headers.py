"""Django with django-cors-headers. https://github.com/adamchainz/django-cors-headers"""

import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

variant, port = sys.argv[1:]
options = {
    "default": {"CORS_ALLOW_ALL_ORIGINS": True},
    "recommended": {
        "CORS_ALLOWED_ORIGINS": ["https://app.example"],
        "CORS_ALLOW_CREDENTIALS": True,
    },
    "pattern": {
        "CORS_ALLOWED_ORIGINS": ["https://app.example"],
        "CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.app\.example$"],
        "CORS_ALLOW_CREDENTIALS": True,
    },
}[variant]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=[
        "corsheaders.middleware.CorsMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY="none",
    USE_TZ=True,
    **options,
)


@csrf_exempt
def items(request):
    return JsonResponse([], safe=False, headers={"X-Total-Count": "0"})


def error(request):
    raise RuntimeError("an error")


urlpatterns = [path("items", items), path("error", error)]

execute_from_command_line(["", "runserver", "--noreload", f"127.0.0.1:{port}"])
