"""The lines of entries.jsonl: what they say, whether they follow from each other, and which is the first bad one."""
import json
import re

from parts.files import Proof
from parts.tree import Rooter, Unrooted, leaf_hash

LONGEST_LINE = 65_535
EXACT = (1 << 53) - 1  # a seq is a JSON number
ZEROS = "0" * 64
DETAIL = re.compile(r"[0-9a-f]{64}\Z")


def claim_of(line):
    """(seq, prev) as the line says them; None where it is no record."""
    try:
        record = json.loads(text_of(line), parse_constant=refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    seq, prev = record.get("seq"), record.get("prev")
    if type(seq) is float and seq.is_integer():
        seq = int(seq)
    if type(seq) is not int or not 0 <= seq <= EXACT or not isinstance(prev, str):
        return None
    return seq, prev


def text_of(line):
    """For reading what a line says of itself, not for hashing: what is no UTF-8 does not hide the rest."""
    return line.decode("utf-8-sig", "replace")


def refuse(constant):
    raise ValueError(constant + " is no JSON")


def detail_of(line):
    """The SHA-256 of the large detail that the line's record names; None where it names none."""
    if b'"oversized":{' not in line:
        return None
    try:
        sha256 = json.loads(text_of(line))["detail"]["oversized"]["sha256"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return sha256 if isinstance(sha256, str) and DETAIL.match(sha256) else None


class Chain:
    """Whether each line follows from the one before, and which is to blame for the first that does not."""

    def __init__(self):
        self.seq, self.hash = None, None
        self.suspect, self.blamed = None, None

    def take(self, line, digest):
        """Answers the seq the line has: the one it says, or where it does not follow the one that was due."""
        claim = claim_of(line)
        due = 0 if self.seq is None else self.seq + 1
        follows = claim is not None and self.follows(*claim, due)
        seq = claim[0] if follows else due
        if self.suspect is not None and self.blamed is None:
            before, itself = self.suspect
            self.blamed = before if follows else itself
        if not follows and self.suspect is None:
            self.suspect = (due if self.seq is None else self.seq, due)
        self.seq, self.hash = seq, digest.hex()
        return seq, follows

    def follows(self, seq, prev, due):
        if seq != due:
            return seq > due
        if seq == 0:
            return prev == ZEROS
        return self.hash is None or prev == self.hash

    def first_bad(self):
        """None where all follow from each other."""
        if self.suspect is None:
            return None
        return self.suspect[0] if self.blamed is None else self.blamed


class Entries:
    """What one reading of entries.jsonl, beside `leaves`, found."""

    def __init__(self):
        self.chain, self.roots, self.root, self.used_up = Chain(), {}, None, False
        self.follow, self.ended, self.same_leaves = True, "whole", True
        self.count, self.beyond, self.lacks = 0, None, None
        self.first_seq, self.first_line, self.line_before_last, self.last_line = None, None, None, None
        self.runs, self.last_run_lines = 0, 0

    def add(self, line, seq, is_new_run):
        self.count += 1
        if self.first_line is None:
            self.first_seq, self.first_line = seq, line
        self.line_before_last, self.last_line = self.last_line, line
        self.runs, self.last_run_lines = (self.runs + 1, 1) if is_new_run else (self.runs, self.last_run_lines + 1)


def read_entries(pack, size, stops, watched):
    found, proof = Entries(), Proof(pack)
    rooter = None if size is None else Rooter(size, stops, watched, proof)
    leaves, stuck = pack.leaves(), False
    for line, how in pack.lines("entries.jsonl", LONGEST_LINE):
        found.ended = how
        if how != "whole":
            break
        digest = leaf_hash(line)
        before = found.chain.seq
        seq, follows = found.chain.take(line, digest)
        found.follow = found.follow and follows
        found.add(line, seq, before is None or seq != before + 1)
        detail = detail_of(line)
        if detail is not None and "details/" + detail not in pack.sizes and found.lacks is None:
            found.lacks = detail
        if size is not None and seq >= size and found.beyond is None:
            found.beyond = seq
        if next(leaves, None) != (seq, digest):
            found.same_leaves = False
        if size is not None and seq < size:
            stuck = stuck or not put(rooter, seq, digest)
    if next(leaves, None) is not None or pack.has("leaves") and pack.sizes["leaves"] != 40 * found.count:
        found.same_leaves = False
    finish(rooter, proof, found, stuck)
    return found


def put(rooter, seq, digest):
    try:
        rooter.put(seq, digest)
        return True
    except Unrooted:
        return False


def finish(rooter, proof, found, stuck):
    if rooter is None:
        return
    found.roots = rooter.roots
    try:
        found.root, used_up = (None, False) if stuck else rooter.finish()
        found.used_up = used_up and not proof.bad
    except Unrooted:
        found.root = None


def leaves_roots(pack, size, stops, watched):
    """The root from `leaves`, and those on the way; None where they make no tree."""
    rooter = Rooter(size, stops, watched, Proof(pack))
    try:
        for seq, digest in pack.leaves():
            if seq >= size:
                return None, {}
            rooter.put(seq, digest)
        return rooter.finish()[0], rooter.roots
    except Unrooted:
        return None, {}


def by_leaves(pack):
    """(first bad seq, whether it is only missing, whether the last is): each line beside the leaf of its place, and
    beside the next leaf that is its own."""
    place, order = pack.leaves(), pack.leaves()
    altered, missing, subset, end = None, None, True, 0
    for line, how in pack.lines("entries.jsonl", LONGEST_LINE):
        if how != "whole":
            break
        digest = leaf_hash(line)
        here = next(place, None)
        seq = end if here is None else here[0]
        if altered is None and (here is None or here[1] != digest):
            altered = seq
        end = seq + 1
        while subset:
            own = next(order, None)
            if own is None:
                subset = False
            elif own[1] == digest:
                break
            elif missing is None:
                missing = own[0]
    rest = next(order, None) if subset else None
    if missing is None and rest is not None:
        missing = rest[0]
    if subset and missing is not None:
        return missing, True, rest is not None
    return (end if altered is None else altered), False, False


def first_bad(pack, found, checkpoint, earlier, by_leaf_root):
    """(seq, whether entries are only missing, whether the last one is among them)"""
    if by_leaf_root == checkpoint.root:
        return by_leaves(pack)
    broken = found.chain.first_bad()
    if broken is not None:
        return broken, False, False
    fits = 0
    for size in sorted(set(earlier) | {checkpoint.size}):
        signed = checkpoint.root if size == checkpoint.size else earlier[size].root
        if found.roots.get(size) != signed:
            break
        fits = size
    return fits, False, False
