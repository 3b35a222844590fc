from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def tip_form(request, page, stale=False):
    return render(request, page.template, page.get_context(request))
