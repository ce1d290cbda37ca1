"""What searches of this run did, told at its end (see the root's `conftest.py`)."""

LINES: list[str] = []


def tell(where, counts):
    """Keep a line for the end of the run: how many sequences, actions, requests, faults, kills."""
    words = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))
    LINES.append(f"search in {where}: {words}")
