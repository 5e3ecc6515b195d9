"""The examples at the end of a command's help."""


def examples(*lines: str) -> str:
    """An epilog that keeps its lines."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {line}" for line in lines)])
