"""The tree of RFC 6962, computed from left to right out of leaves and proof."""
import hashlib


def leaf_hash(line):
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree from left to right: complete subtrees of falling size, the last one the smallest."""

    def __init__(self):
        self.position, self.subtrees = 0, []

    def push(self, level, digest):
        self.position += 1 << level
        while self.subtrees and self.subtrees[-1][0] == level:
            digest = node_hash(self.subtrees.pop()[1], digest)
            level += 1
        self.subtrees.append((level, digest))

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        digest = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            digest = node_hash(left, digest)
        return digest


class Unrooted(Exception):
    """These leaves and this proof make no tree."""


class Rooter:
    """Puts leaves at their places, fills the gaps from the proof, and keeps the roots of the sizes asked about."""

    def __init__(self, size, stops, watched, hashes):
        self.size, self.hashes, self.tree = size, hashes, Tree()
        self.stops = sorted(stop for stop in stops if stop < size) + [size]
        self.watched, self.roots = set(watched), {}
        self.note_root()

    def note_root(self):
        if self.tree.position in self.watched:
            self.roots[self.tree.position] = self.tree.root()

    def put(self, seq, digest):
        if seq < self.tree.position:
            raise Unrooted("entry %d comes too late" % seq)
        self.fill(seq)
        self.push(0, digest)

    def push(self, level, digest):
        self.tree.push(level, digest)
        self.note_root()

    def fill(self, end):
        """Fills the gap before `end`, a stop at a time."""
        while self.tree.position < end:
            position = self.tree.position
            while self.stops[0] <= position:
                self.stops.pop(0)
            until = min(end, self.stops[0])
            level = 0
            while position % (2 << level) == 0 and position + (2 << level) <= until:
                level += 1
            digest = next(self.hashes, None)
            if digest is None:
                raise Unrooted("the proof ends, or cannot be read, at position %d" % position)
            self.push(level, digest)

    def finish(self):
        """Answers the root of the whole, and whether the proof was used up."""
        self.fill(self.size)
        return self.tree.root(), next(self.hashes, None) is None
