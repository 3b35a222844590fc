"""The demo's content, loaded from the data files in `demo/`. Only under portal.settings.demo."""
