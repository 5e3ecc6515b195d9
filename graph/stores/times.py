"""Times as the stores compare them."""


def instant(time: str) -> str:
    """An RFC 3339 time in UTC with all six digits of its microseconds, so that text order is the order in time."""
    seconds, _, fraction = time.removesuffix("Z").partition(".")
    return f"{seconds}.{fraction:0<6}Z"
