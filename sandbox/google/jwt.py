"""id_token: a JSON web token signed with RS256, with a key made for this sandbox.

The key has 1024 bits and is made in plain Python: enough to exercise a client's verification,
and no secret worth keeping.
"""

import base64
import hashlib
import json
import secrets

BITS = 1024
EXPONENT = 65537
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def make_key():
    """A fresh RSA key as `{"n", "e", "d", "kid"}`."""
    while True:
        p, q = _prime(BITS // 2), _prime(BITS // 2)
        if p != q and (p - 1) * (q - 1) % EXPONENT and (p * q).bit_length() == BITS:
            private = pow(EXPONENT, -1, (p - 1) * (q - 1))
            return {"n": str(p * q), "e": EXPONENT, "d": str(private), "kid": secrets.token_hex(10)}


def sign(claims, key):
    """The compact form of a token with these claims."""
    header = {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}
    text = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    n, d = int(key["n"]), int(key["d"])
    size = (n.bit_length() + 7) // 8
    digest = SHA256_PREFIX + hashlib.sha256(text.encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    signature = pow(int.from_bytes(padded, "big"), d, n).to_bytes(size, "big")
    return f"{text}.{_b64(signature)}"


def jwks(key):
    """The public half, as published for clients."""
    n = int(key["n"])
    modulus = _b64(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    public = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": key["kid"]}
    return {"keys": [{**public, "n": modulus, "e": _b64(key["e"].to_bytes(3, "big"))}]}


def _b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _prime(bits):
    while True:
        n = secrets.randbits(bits) | (3 << (bits - 2)) | 1
        if all(n % p for p in SMALL_PRIMES) and _is_prime(n):
            return n


def _is_prime(n, rounds=24):
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    return all(_witness_passes(secrets.randbelow(n - 3) + 2, d, s, n) for _ in range(rounds))


def _witness_passes(a, d, s, n):
    x = pow(a, d, n)
    if x in (1, n - 1):
        return True
    for _ in range(s - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False
