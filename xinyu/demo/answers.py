"""Invented answers: most students fine, some burdened, a few with a critical answer. Pure."""

from random import Random

#: (chance, how often a burden shows: probabilities of the values 0–3 of a frequency item)
MOODS = (
    (0.62, (0.72, 0.24, 0.03, 0.01)),
    (0.24, (0.42, 0.43, 0.11, 0.04)),
    (0.10, (0.20, 0.42, 0.26, 0.12)),
    (0.04, (0.08, 0.27, 0.35, 0.30)),
)
#: of students in each mood, who answers the last item of PHQ-9 above zero (together about one in six), and of those
#: who says more than "a few days"
CRITICAL = (0.02, 0.25, 0.55, 0.8)
OFTEN = 0.22
ITEMS = {"PHQ-9": 9, "GAD-7": 7, "WHO-5": 5}


def mood_of(dice: Random) -> int:
    """0 (fine) to 3 (heavily burdened)."""
    return dice.choices(range(len(MOODS)), [chance for chance, _ in MOODS])[0]


def answers(scale: str, mood: int, dice: Random) -> tuple[int | None, ...]:
    """Values in the order of the form. Raises KeyError for a scale that the demo does not use."""
    weights = MOODS[mood][1]
    values: list[int | None] = list(dice.choices((0, 1, 2, 3), weights, k=ITEMS[scale]))
    if scale == "PHQ-9":
        values[8] = (1 if dice.random() > OFTEN else 2) if dice.random() < CRITICAL[mood] else 0
    if scale == "WHO-5":  # counts well-being, so it runs the other way, 5 to 0
        values = [5 - (value or 0) - dice.choice((0, 0, 1, 1, 2)) for value in values]
    if scale != "WHO-5" and dice.random() < 0.01:
        values[dice.randrange(4)] = None
    return tuple(values)


def seconds_for(scale: str, dice: Random) -> float:
    return round(ITEMS[scale] * dice.uniform(2.5, 6.5), 1)
