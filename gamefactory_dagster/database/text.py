"""What PostgreSQL can hold of a text, and nothing else."""


def storable(text: str) -> str:
    """``text`` without NUL characters, and with question marks for halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
