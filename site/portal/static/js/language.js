// A script that names no language for a date gets the page's, not the browser's (Wagtail's comments do so).
Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
  construct: (Format, [language, options]) =>
    new Format(language?.length ? language : document.documentElement.lang, options),
});
