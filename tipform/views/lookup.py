from django.shortcuts import render


def lookup(request, stale=False):
    return render(request, "tipform/lookup.html")
