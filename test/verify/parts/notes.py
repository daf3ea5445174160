"""Keys, checkpoints as signed notes, and whether openssl finds the signatures right."""
import atexit
import base64
import binascii
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from parts.problems import TAMPERED, UNKNOWN_KEY

LARGEST_NOTE = 64 * 1024


def unbase64(text):
    """Strict: standard alphabet, padded, and the only way to write these bytes. None otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    wanted = text if isinstance(text, bytes) else text.encode()
    return data if base64.b64encode(data) == wanted else None




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
    if root is None or len(root) != 32 or signed is None or len(signed) != 68:
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
