"""The top floor: what a resident tells in private. Nothing here is logged, cached, indexed or revised."""
