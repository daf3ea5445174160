#!/usr/bin/env python3
"""A second verifier of evidence packs, written from docs/reference/evidence-pack.md alone: nothing of it is shared
with the first. Python's standard library, and `openssl` for the signatures.

    verify.py DIR --key FILE [--checkpoint FILE]      one line of JSON, and the exit code it names
    verify.py --batch                                 {"dir", "key", "checkpoint"?} a line on stdin, an answer a line

The answer: {"exit": 0 | 2 | 3 | 4, "firstBad": seq | null, "why": "..."}.
"""
import argparse
import json
import os
import sys

sys.dont_write_bytecode = True  # nothing is left behind where it was started from

from parts.entries import LONGEST_LINE, first_bad, leaves_roots, read_entries, text_of
from parts.files import CHECKPOINT, LARGEST_LIST, Pack, check_sums, read_sums
from parts.notes import LARGEST_NOTE, judged, read_key
from parts.problems import INCOMPLETE, TAMPERED, UNKNOWN_KEY, Problems


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
    if found.lacks is not None:
        problems.add(INCOMPLETE, "details/%s, which an entry names, is missing" % found.lacks)


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
    tables = {"changes.csv", "exceptions.csv", "verify.html"}
    named = listed if listed is not None and tables <= set(listed) else pack.sizes
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
