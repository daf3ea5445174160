"""The files of a pack, as they lie on disk."""
import hashlib
import os
import re
import stat

from parts.notes import unbase64
from parts.problems import INCOMPLETE, TAMPERED

LARGEST_LIST = 64 << 20  # of SHA256SUMS and of proof
LARGEST_SUMMED = 1 << 30  # what SHA256SUMS lists is read whole, so it has a limit
LONGEST_PATH_LINE = 4096
MOST_FILES = 200_000
CHUNK = 1 << 20

REQUIRED = ("entries.jsonl", "leaves", "proof", "checkpoint", "SHA256SUMS", "changes.csv", "exceptions.csv", "verify.html")
SUMMED = re.compile(r"(?:changes\.csv|exceptions\.csv|verify\.html|details/[0-9a-f]{64}|checkpoints/(?:0|[1-9][0-9]*))\Z")
CHECKPOINT = re.compile(r"checkpoints/(0|[1-9][0-9]*)\Z")
LITTER = re.compile(r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini)\Z", re.DOTALL)


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
