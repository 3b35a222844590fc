"""Settings: `base` is what a server runs; `demo` and `test` only loosen it."""
