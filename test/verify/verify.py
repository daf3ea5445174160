#!/usr/bin/env python3
"""A second verifier of evidence packs, written from docs/reference/evidence-pack.md alone: nothing of it is shared
with the first. Python's standard library, and `openssl` for the signatures.

    verify.py DIR --key FILE [--checkpoint FILE]      one line of JSON, and the exit code it names
    verify.py --batch                                 {"dir", "key", "checkpoint"?} a line on stdin, an answer a line

The answer: {"exit": 0 | 2 | 3 | 4, "firstBad": seq | null, "why": "..."}.
"""
import argparse
import atexit
import base64
import binascii
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

TAMPERED, INCOMPLETE, UNKNOWN_KEY = 2, 3, 4
WORST_FIRST = (TAMPERED, UNKNOWN_KEY, INCOMPLETE)
LONGEST_LINE = 65_535
LARGEST_NOTE = 64 * 1024
LARGEST_LIST = 64 << 20  # of SHA256SUMS and of proof
LARGEST_SUMMED = 1 << 30  # what SHA256SUMS speaks of is read whole, so it has a limit
LONGEST_PATH_LINE = 4096
MOST_FILES = 200_000
MOST_PROBLEMS = 20
EXACT = (1 << 53) - 1  # a seq is a JSON number
CHUNK = 1 << 20
ZEROS = "0" * 64

REQUIRED = ("entries.jsonl", "leaves", "proof", "checkpoint", "SHA256SUMS", "changes.csv", "exceptions.csv", "verify.html")
SUMMED = re.compile(r"(?:changes\.csv|exceptions\.csv|verify\.html|details/[0-9a-f]{64}|checkpoints/(?:0|[1-9][0-9]*))\Z")
CHECKPOINT = re.compile(r"checkpoints/(0|[1-9][0-9]*)\Z")
LITTER = re.compile(r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini)\Z", re.DOTALL)


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


# ---------------------------------------------------------------- hashes


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


# ---------------------------------------------------------------- files


class Pack:
    """The files of a pack. Nothing but a plain file is ever opened, and no link followed."""

    def __init__(self, top, key_path, problems):
        # a key inside is told as what it is, and not as a file that does not belong there as well
        self.top, self.sizes, self.key_path = top, {}, os.path.realpath(key_path)
        self.scan("", problems)
        for path in REQUIRED:
            if path not in self.sizes:
                problems.add(INCOMPLETE, "%s is missing" % path)

    def scan(self, under, problems):
        folders = [under]
        seen = 0
        while folders:
            folder = folders.pop()
            try:
                found = list(os.scandir(os.path.join(self.top, folder)))
            except OSError as error:
                problems.add(INCOMPLETE, "%s cannot be read: %s" % (folder or self.top, error.strerror))
                continue
            for item in found:
                seen += 1
                if seen > MOST_FILES:
                    return problems.add(TAMPERED, "more than %d files" % MOST_FILES)
                path = folder + item.name
                if item.is_dir(follow_symlinks=False):
                    folders.append(path + "/")
                else:
                    self.admit(path, item.stat(follow_symlinks=False), problems)

    def admit(self, path, status, problems):
        if LITTER.match(path) or os.path.join(os.path.realpath(self.top), path) == self.key_path:
            return
        if not stat.S_ISREG(status.st_mode):
            problems.add(TAMPERED, "%s is no plain file" % ascii(path))
        elif path in REQUIRED or SUMMED.match(path):
            self.sizes[path] = status.st_size
            return
        else:
            problems.add(TAMPERED, "%s does not belong to a pack" % ascii(path))
        if path in REQUIRED or SUMMED.match(path):
            self.sizes[path] = None  # it is there, and is nothing that may be opened

    def has(self, path):
        return self.sizes.get(path) is not None

    def open(self, path):
        # O_NONBLOCK: what became a pipe since it was looked at must not hang the reading
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        return os.fdopen(os.open(os.path.join(self.top, path), flags), "rb", CHUNK)

    def small(self, path, limit):
        """All bytes of a file that is small by nature; None where it has more."""
        if self.sizes[path] > limit:
            return None
        with self.open(path) as file:
            data = file.read(limit + 1)
        return data if len(data) <= limit else None

    def sha256(self, path):
        digest = hashlib.sha256()
        with self.open(path) as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                digest.update(chunk)
        return digest.hexdigest()

    def lines(self, path, longest):
        """Each line without its newline, then how the file ended: a line that is too long, or cut off, is told
        apart by what comes with it ('whole', 'cut off', 'too long'); nothing comes after such a one."""
        if not self.has(path):
            return
        with self.open(path) as file:
            while True:
                line = file.readline(longest + 1)
                if not line:
                    return
                if line.endswith(b"\n"):
                    yield line[:-1], "whole"
                elif len(line) > longest:
                    yield line, "too long"
                    return
                else:
                    yield line, "cut off"
                    return

    def leaves(self):
        """(seq, hash) of each whole record of `leaves`."""
        if not self.has("leaves"):
            return
        with self.open("leaves") as file:
            for record in iter(lambda: file.read(40), b""):
                if len(record) == 40:
                    yield int.from_bytes(record[:8], "big"), record[8:]


class Proof:
    """The hashes of `proof`, one by one. A line that is none ends them, and is remembered."""

    def __init__(self, pack):
        self.lines, self.bad = pack.lines("proof", 44), (pack.sizes.get("proof") or 0) > LARGEST_LIST

    def __iter__(self):
        return self

    def __next__(self):
        line, how = (b"", "none") if self.bad else next(self.lines, (b"", "none"))
        if how == "none":
            raise StopIteration
        digest = unbase64(line) if how == "whole" else None
        if digest is None or len(digest) != 32:
            self.bad = True
            raise StopIteration
        return digest


def unbase64(text):
    """Strict: standard alphabet, padded, and the only way to write these bytes. None otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    wanted = text if isinstance(text, bytes) else text.encode()
    return data if base64.b64encode(data) == wanted else None


# ---------------------------------------------------------------- keys, notes, signatures


class Key:
    def __init__(self, name, ident, public):
        self.name, self.ident, self.public = name, ident, public


def read_key(data):
    """The key of a key file's bytes; None where they are not exactly one."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    match = re.match(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\r?\n?\Z", text)
    if not match:
        return None
    name, ident, rest = match.group(1), bytes.fromhex(match.group(2)), unbase64(match.group(3))
    if rest is None or len(rest) != 33 or rest[0] != 1:
        return None
    if hashlib.sha256(name.encode() + b"\n" + rest).digest()[:4] != ident:
        return None
    return Key(name, ident, rest[1:])


class Note:
    """A checkpoint as it is written. `text` is what was signed."""

    def __init__(self, text, origin, size, root, signer, ident, signature):
        self.text, self.origin, self.size, self.root = text, origin, size, root
        self.signer, self.ident, self.signature = signer, ident, signature


NOTE = re.compile(
    r"(?P<text>(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,14})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n\u2014 (?P<signer>[^ \n]+) (?P<signature>[A-Za-z0-9+/=]+)\n\Z"
)


def read_note(data):
    """The checkpoint in a file's bytes, or None where it is not written exactly as the standard writes it."""
    try:
        match = NOTE.match(data.decode("utf-8"))
    except (UnicodeDecodeError, AttributeError):
        return None
    if not match or match["origin"] != match["signer"] or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", match.group(0)):
        return None
    root, signed, size = unbase64(match["root"]), unbase64(match["signature"]), int(match["size"])
    if root is None or len(root) != 32 or signed is None or len(signed) != 68 or size > EXACT:
        return None
    return Note(match["text"].encode(), match["origin"], size, root, match["signer"], signed[:4], signed[4:])


class Signatures:
    """Asks openssl, and remembers the answers: it is slow to start."""

    SPKI = bytes.fromhex("302a300506032b6570032100")

    def __init__(self):
        self.known, self.place = {}, None

    def right(self, public, text, signature):
        asked = (public, text, signature)
        if asked not in self.known:
            self.known[asked] = self.ask(public, text, signature)
        return self.known[asked]

    def ask(self, public, text, signature):
        if self.place is None:
            self.place = tempfile.mkdtemp(prefix="verify-")
            atexit.register(shutil.rmtree, self.place, True)
        paths = {}
        for name, data in (("key", self.SPKI + public), ("text", text), ("signature", signature)):
            paths[name] = os.path.join(self.place, name)
            with open(paths[name], "wb") as file:
                file.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths["key"], "-rawin"]
        command += ["-in", paths["text"], "-sigfile", paths["signature"]]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


SIGNATURES = Signatures()


def judged(data, what, key, problems):
    """The note in `data` where it can be compared with: well written, and not wrongly signed by our key."""
    note = read_note(data)
    if note is None:
        problems.add(TAMPERED, "%s is not written as a checkpoint is" % what)
        return None
    if key is None:
        return note
    if note.signer != key.name or note.ident != key.ident:
        problems.add(UNKNOWN_KEY, "%s is not signed by the key given" % what)
        return note
    if note.origin != key.name or not SIGNATURES.right(key.public, note.text, note.signature):
        problems.add(TAMPERED, "the signature of %s is wrong" % what)
        return None
    return note


# ---------------------------------------------------------------- lines


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
        self.count, self.beyond = 0, None
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
    """(first bad seq, whether it is only missing, whether the last is): each line beside the leaf of its place, and beside the next leaf
    that is its own."""
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


# ---------------------------------------------------------------- the whole


def read_sums(pack, problems):
    """{path: digest} as SHA256SUMS lists them; None where it cannot be read, or is not written as it should be."""
    if not pack.has("SHA256SUMS"):
        return None
    if pack.sizes["SHA256SUMS"] > LARGEST_LIST:
        return problems.add(TAMPERED, "SHA256SUMS is larger than a pack's can be")
    listed, before = {}, ""
    for line, how in pack.lines("SHA256SUMS", LONGEST_PATH_LINE):
        match = re.match(rb"([0-9a-f]{64})  ([^\n]+)\Z", line) if how == "whole" else None
        path = os.fsdecode(match.group(2)) if match else ""
        if path <= before:
            return problems.add(TAMPERED, "SHA256SUMS is not written as sha256sum writes it, sorted")
        before, listed[path] = path, match.group(1).decode()
    return listed


def check_sums(pack, listed, problems):
    for path in sorted(set(listed) | {path for path in pack.sizes if SUMMED.match(path)}):
        if not SUMMED.match(path):
            problems.add(TAMPERED, "SHA256SUMS names %s, which it should not" % ascii(path))
        elif path not in listed:
            problems.add(TAMPERED, "%s is not listed in SHA256SUMS" % path)
        elif path not in pack.sizes:
            problems.add(INCOMPLETE, "%s is missing" % path)
        elif pack.sizes[path] is None:
            continue
        elif pack.sizes[path] > LARGEST_SUMMED:
            problems.add(TAMPERED, "%s is larger than a pack's can be" % path)
        elif pack.sha256(path) != listed[path]:
            problems.add(TAMPERED, "%s has not the digest listed" % path)
        elif path.startswith("details/") and path != "details/" + listed[path]:
            problems.add(TAMPERED, "%s is not named after its digest" % path)


def check_last(pack, line, problems):
    """The last line recorded this export, and with it the digest of SHA256SUMS."""
    try:
        record = json.loads(text_of(line))
        sums = record["detail"]["sums"] if record["kind"] == "trail.exported" else None
    except (ValueError, RecursionError, KeyError, TypeError):
        sums = None
    if not isinstance(sums, str):
        problems.add(TAMPERED, "the last entry does not record this export")
    elif pack.has("SHA256SUMS") and pack.sizes["SHA256SUMS"] <= LARGEST_LIST and pack.sha256("SHA256SUMS") != sums:
        problems.add(TAMPERED, "SHA256SUMS is not that of this export")


def check_asked(found, problems):
    """What was asked for is there, where the last line says so in a way that can be checked."""
    asked = (field(found.last_line, "detail") or {}).get("asked") if found and found.last_line else None
    if not isinstance(asked, dict):
        return
    if asked.get("everything") is True:
        if found.runs != 1 or found.first_seq != 0:
            problems.add(INCOMPLETE, "not everything is there")
    elif isinstance(asked.get("since"), str) and isinstance(asked.get("until"), str) and not spans(found, asked):
        problems.add(INCOMPLETE, "entries of the period asked for are missing")


def spans(found, asked):
    """One run from before the period to after it, or to the export; the export's own entry may stand apart."""
    first = field(found.first_line, "observedAt")
    begins = found.first_seq == 0 or isinstance(first, str) and first < asked["since"]
    if found.runs == 1:
        return begins
    before_last = field(found.line_before_last, "observedAt")
    is_after = isinstance(before_last, str) and before_last >= asked["until"]
    return begins and found.runs == 2 and found.last_run_lines == 1 and is_after


def field(line, name):
    """A member of the line's record, where that is an object with such a member; None otherwise."""
    try:
        value = json.loads(text_of(line)).get(name)
    except (ValueError, RecursionError, AttributeError):
        return None
    return value if name != "detail" or isinstance(value, dict) else None


def read_earlier(pack, key, checkpoint, problems):
    """The checkpoints in checkpoints/ by size."""
    earlier = {}
    for path in sorted(pack.sizes):
        match = CHECKPOINT.match(path)
        if not match or not pack.has(path):
            continue
        note = judged(pack.small(path, LARGEST_NOTE), path, key, problems)
        if note is None:
            continue
        size = int(match.group(1))
        if note.size != size:
            problems.add(TAMPERED, "%s speaks of another size" % path)
        elif checkpoint is not None and (note.origin != checkpoint.origin or size > checkpoint.size):
            problems.add(TAMPERED, "%s is not earlier in the same trail" % path)
        else:
            earlier[size] = note
    return earlier


def read_outside(path):
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST_NOTE)
    except OSError:
        return b""


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


def check_entries(pack, checkpoint, earlier, kept, stops, problems):
    """Answers (first bad seq, roots that can be relied on, what was found where the last line is there)."""
    watched = set(earlier) | ({kept.size} if kept else set()) | ({checkpoint.size} if checkpoint else set())
    found = read_entries(pack, checkpoint and checkpoint.size, stops, watched)
    bad, last_missing, roots = found.beyond, not pack.has("entries.jsonl"), found.roots
    if checkpoint is None or found.root == checkpoint.root:
        check_shape(pack, found, problems)
    else:
        by_leaf_root, leaf_roots = leaves_roots(pack, checkpoint.size, stops, watched)
        is_by_leaves = by_leaf_root == checkpoint.root
        if found.count == 0 and found.ended != "too long" and not is_by_leaves:
            problems.add(INCOMPLETE, "no entries are there")
            return None, {}, None
        bad, missing, last_missing = first_bad(pack, found, checkpoint, earlier, by_leaf_root)
        roots, how = leaf_roots if is_by_leaves else found.roots, "missing" if missing else "bad"
        problems.add(INCOMPLETE if missing else TAMPERED, "entry %d is the first that is %s" % (bad, how))
    check_ends(found, problems)
    if not last_missing:
        check_last(pack, found.last_line or b"", problems)
    if checkpoint is not None:
        check_earlier(earlier, roots, problems)
    return bad, roots, None if last_missing else found


def check_shape(pack, found, problems):
    """What is wrong with the lines, where the root does not tell."""
    if not pack.has("entries.jsonl"):
        return
    if found.beyond is not None:
        problems.add(TAMPERED, "the checkpoint does not reach entry %d" % found.beyond)
    if not found.follow:
        problems.add(TAMPERED, "a line does not follow from the one before")
    if pack.has("leaves") and not found.same_leaves:
        problems.add(TAMPERED, "leaves does not say what entries.jsonl does")
    if found.root is not None and not found.used_up:
        problems.add(TAMPERED, "proof holds more than is needed")


def check_ends(found, problems):
    if found.ended == "too long":
        problems.add(TAMPERED, "a line is longer than %d bytes" % LONGEST_LINE)
    if found.ended == "cut off":
        problems.add(INCOMPLETE, "the last line is cut off")


def check_earlier(earlier, roots, problems):
    for size, note in earlier.items():
        if roots.get(size) != note.root:
            problems.add(TAMPERED, "the root at %d is not that of its checkpoint" % size)


def compare_kept(kept, checkpoint, roots, problems):
    if kept is None or checkpoint is None:
        return
    if kept.origin != checkpoint.origin:
        problems.add(TAMPERED, "the kept checkpoint is of another trail")
    elif kept.size > checkpoint.size:
        problems.add(TAMPERED, "the kept checkpoint has %d entries, the pack's %d" % (kept.size, checkpoint.size))
    elif kept.size == checkpoint.size and kept.root == checkpoint.root:
        return
    elif kept.size not in roots:
        problems.add(INCOMPLETE, "the pack cannot be checked at %d" % kept.size)
    elif roots[kept.size] != kept.root:
        problems.add(TAMPERED, "at %d the history is another one" % kept.size)


def is_inside(path, top):
    path, top = os.path.realpath(path), os.path.realpath(top)
    return os.path.commonpath([path, top]) == top


def verify(top, key_path, kept_path=None):
    problems = Problems()
    pack = Pack(top, key_path, problems)
    key = read_key(read_outside(key_path))
    if key is None:
        problems.add(UNKNOWN_KEY, "the key file does not hold a key")
    if is_inside(key_path, top):
        problems.add(UNKNOWN_KEY, "the key comes from inside the pack: self-consistent only")
    checkpoint = None
    if pack.has("checkpoint"):
        checkpoint = judged(pack.small("checkpoint", LARGEST_NOTE), "checkpoint", key, problems)
    earlier = read_earlier(pack, key, checkpoint, problems)
    kept = judged(read_outside(kept_path), "the kept checkpoint", key, problems) if kept_path else None
    listed = read_sums(pack, problems)
    named = pack.sizes if listed is None else listed
    stops = {int(match.group(1)) for match in map(CHECKPOINT.match, named) if match}
    bad, roots, found = check_entries(pack, checkpoint, earlier, kept, stops, problems)
    if listed is not None:
        check_sums(pack, listed, problems)
    compare_kept(kept, checkpoint, roots, problems)
    check_asked(found, problems)
    return {"exit": problems.exit(), "firstBad": bad, "why": "; ".join(problems.words)}


def batch():
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(verify(asked["dir"], asked["key"], asked.get("checkpoint"))), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Verifies an evidence pack, independently of the first verifier.")
    parser.add_argument("dir", nargs="?")
    parser.add_argument("--key")
    parser.add_argument("--checkpoint")
    parser.add_argument("--batch", action="store_true")
    asked = parser.parse_args()
    if asked.batch:
        return batch()
    if asked.dir is None or asked.key is None:
        parser.error("wanted: DIR --key FILE, or --batch")
    answer = verify(asked.dir, asked.key, asked.checkpoint)
    print(json.dumps(answer))
    return sys.exit(answer["exit"])


if __name__ == "__main__":
    main()
