"""What can be wrong with a pack, and the one exit code that comes of it."""
TAMPERED, INCOMPLETE, UNKNOWN_KEY = 2, 3, 4
WORST_FIRST = (TAMPERED, UNKNOWN_KEY, INCOMPLETE)
MOST_PROBLEMS = 20


class Problems:
    """What is wrong. One answer comes of it: tampered before unknown key before incomplete."""

    def __init__(self):
        self.codes, self.words = set(), []

    def add(self, code, words):
        self.codes.add(code)
        if len(self.words) < MOST_PROBLEMS:
            self.words.append(words)

    def exit(self):
        return next((code for code in WORST_FIRST if code in self.codes), 0)
