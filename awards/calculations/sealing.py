"""How a vote is sealed so that only two tellers together open it. Nothing here knows of members or of the database.

Every teller has a key pair of his own. Its secret half is a code that he is shown once and keeps; the portal keeps the
public half. A vote is sealed for every pair of tellers: inside for the first, around that for the second (libsodium's
sealed boxes). So there is never one key that opens everything, and no code opens anything alone.
"""

import secrets
from collections.abc import Mapping, Sequence
from hashlib import blake2b, sha256
from itertools import combinations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read for something else
LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
SECRET, SIGNS, CHECK, GROUP = (
    16,
    26,
    2,
    4,
)  # 128 bits in 26 letters, two more against slips, in groups of four
RECEIPT = 10
SHORT = 20  # of a key's fingerprint, to be read aloud and compared: 80 bits
WIDTH = 64  # every vote is as long as any other


class Broken(Exception):
    """An envelope that these keys do not open, or that does not hold what it should."""


# --- a teller's code --------------------------------------------------------------------------------------
def new_code() -> str:
    """To be shown once: 28 letters in groups of four."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(SIGNS))
    whole = letters + _check(letters)
    return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def tidy(code: str) -> str | None:
    """The code as it was given out, however it was typed; nothing where it cannot be one."""
    letters = "".join(sign for sign in code.upper().translate(LOOKALIKE) if sign.isalnum())
    known = len(letters) == SIGNS + CHECK and all(sign in LETTERS for sign in letters)
    return letters if known and letters[SIGNS:] == _check(letters[:SIGNS]) else None


def _check(letters: str) -> str:
    number = int.from_bytes(blake2b(letters.encode(), digest_size=8, person=b"thidua-check").digest())
    return LETTERS[number % 32] + LETTERS[number // 32 % 32]


def private_key(code: str) -> PrivateKey:
    """Of a tidy code."""
    return PrivateKey(blake2b(code.encode(), digest_size=32, person=b"thidua-teller").digest())


def public_half(code: str) -> bytes:
    return bytes(private_key(code).public_key)


def fingerprint(public_key: bytes) -> str:
    """Of a teller's public half: any other key has another one."""
    return sha256(public_key).hexdigest()


def short(print_of_key: str) -> str:
    """A fingerprint as a teller writes it down: ``3f2a-90c1-…``."""
    return "-".join(print_of_key[at : at + GROUP] for at in range(0, SHORT, GROUP))


# --- an envelope ------------------------------------------------------------------------------------------
def new_receipt() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(RECEIPT))


def seal(vote: str, keys: Mapping[int, bytes]) -> dict[str, str]:
    """By pair of tellers (``"3-7"``, the smaller number first) the sealed vote, in hexadecimal."""
    inside = vote.encode().ljust(WIDTH)
    if len(inside) != WIDTH:
        raise ValueError("A vote has to fit into its envelope.")
    found = {}
    for first, second in combinations(sorted(keys), 2):
        once = SealedBox(PublicKey(keys[first])).encrypt(inside)
        found[f"{first}-{second}"] = SealedBox(PublicKey(keys[second])).encrypt(once).hex()
    return found


def unseal(sealed: Mapping[str, str], pair: Sequence[tuple[int, PrivateKey]]) -> str:
    """What is inside, opened by two tellers. ``Broken`` where it was changed or was never for them."""
    (first, inner), (second, outer) = sorted(pair, key=lambda one: one[0])
    try:
        around = bytes.fromhex(sealed[f"{first}-{second}"])
        return SealedBox(inner).decrypt(SealedBox(outer).decrypt(around)).decode().rstrip()
    except (KeyError, ValueError, CryptoError) as error:
        raise Broken("Phong bì không mở được bằng hai mã này.") from error
