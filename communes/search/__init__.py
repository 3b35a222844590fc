"""One search for communes, guides, posts and pages, for residents who type without diacritics."""
