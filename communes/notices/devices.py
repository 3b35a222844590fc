"""What a browser is called in the list of those that ring: "Chrome, Android"."""

from django.http import HttpRequest

# What a browser says of itself holds the names of others as well: the first that fits is meant.
BROWSERS = {
    "Edg": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "coc_coc_browser": "Cốc Cốc",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def device_name(request: HttpRequest) -> str:
    """Empty where the browser says nothing that is known."""
    agent = request.headers.get("User-Agent", "")
    named = [_first(names, agent) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in named if name)


def _first(names: dict[str, str], agent: str) -> str:
    return next((name for mark, name in names.items() if mark in agent), "")
