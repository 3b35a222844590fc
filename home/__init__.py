"""The ground floor: what every page has, the home page, information pages, search. Imports no other app."""
