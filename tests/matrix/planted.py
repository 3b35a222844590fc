"""The portal's addresses, and some that a package might bring tomorrow: the walk has to find them."""

from typing import Any

from django.contrib.auth import authenticate, login, views
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.authentication import BasicAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

from communes.models import User
from portal.urls import urlpatterns as portal_urls

from .walking import USERNAME


def by_link(request: HttpRequest) -> HttpResponse:
    login(request, User.objects.get(username=USERNAME), backend="communes.passwords.PasswordBackend")
    return HttpResponse("")


def oracle(request: HttpRequest) -> HttpResponse:
    """Says whether a password is right, and does no more."""
    right = authenticate(request, username=request.POST.get("login"), password=request.POST.get("password"))
    return HttpResponse(str(bool(right)))


def sign_up(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        User.objects.create_user(f"{request.POST['username']}-moi", password=request.POST["password1"])
    return HttpResponse("")


def remember(request: HttpRequest, number: int) -> HttpResponse:
    request.session["seen"] = number
    return HttpResponse("")


def as_staff(request: HttpRequest) -> HttpResponse:
    """Does something for whoever is logged in, outside the admin."""
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(first_name="Chiếm")
    return HttpResponse("")


class Program(APIView):
    authentication_classes = [BasicAuthentication]

    def get(self, request: Any) -> Response:
        return Response({"user": str(request.user)})


class PlainProgram(APIView):
    """Without a word about who may use it, it takes no password."""

    def get(self, request: Any) -> Response:
        return Response({"user": str(request.user)})


# What is found there.
PLANTED = {
    "/planted/django/": {"login", "password", "session", "writes"},
    "/planted/link/": {"login", "session", "writes"},
    "/planted/oracle/": {"password"},
    "/planted/sign-up/": {"writes"},
    "/planted/7/remember/": {"session"},
    "/planted/program/": {"password"},
    "/planted/plain-program/": set(),
    "/planted/as-staff/": set(),
}

urlpatterns = [
    path("planted/django/", views.LoginView.as_view()),
    path("planted/link/", by_link),
    path("planted/oracle/", oracle),
    path("planted/sign-up/", sign_up),
    path("planted/<int:number>/remember/", remember),
    path("planted/program/", Program.as_view()),
    path("planted/plain-program/", PlainProgram.as_view()),
    path("planted/as-staff/", as_staff),
    *portal_urls,
]
