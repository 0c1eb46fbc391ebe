"""docs/spec/parcel.md."""

from collections.abc import Mapping
from typing import Any

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

from tests.second_decoder.journal import NODE, Journal, hashed, run
from tests.second_decoder.wire import Cursor, Refused, insist, leb, whole

HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


Seeds = tuple[bytes, bytes]
Wraps = list[tuple[bytes, bytes]]


def signed(public: bytes, context: str, message: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, context.encode() + b"\0" + message)
    except InvalidSignature:
        raise Refused("signature") from None


def _rising(values: list[Any]) -> None:
    insist(values == sorted(set(values)))


def _binding(cursor: Cursor, *, resealed: bool) -> dict[str, Any]:
    start = bytes(cursor.left)
    suite, journal = cursor.uint(1), Journal(cursor)
    first, count = cursor.counted(), cursor.counted(1000)
    insist(first + count - 1 <= 2**63 - 1)
    same: dict[str, Any] = {"suite": suite, "journal": journal.raw, "first": first, "count": count}
    same |= {"before": cursor.fixed(32), "after": cursor.fixed(32), "generation": cursor.counted()}
    readers = cursor.items(16, lambda at: (at.text(16, NODE), at.fixed(8)))
    raw = start[: len(start) - len(cursor.left)]
    nodes = [node for node, _ in readers]
    insist(first > 1 or same["before"] == journal.digest)
    insist((suite == 0) == (journal.audience == "public") and (suite == 0) == (not nodes))
    _rising(nodes)
    insist(set(nodes) <= journal.readers())
    insist(resealed or suite == 0 or journal.hub in nodes)
    return {"same": same, "readers": readers, "raw": raw, "journal": journal}


def _seal(cursor: Cursor) -> dict[str, Any]:
    lengths = cursor.counted(1_048_576), cursor.counted(1_056_768), cursor.uint(1_310_720)
    return {"plain": lengths[0], "packed": lengths[1], "sealed": lengths[2], "hash": cursor.fixed(32)}


def _header(cursor: Cursor) -> tuple[dict[str, Any], dict[str, Any], list[tuple[bytes, int]]]:
    binding, seal = _binding(cursor, resealed=False), _seal(cursor)
    attachments = cursor.items(2000, lambda at: (at.fixed(32), at.uint(67_108_864)))
    _rising([name for name, _ in attachments])
    return binding, seal, attachments


def _reseal(cursor: Cursor) -> tuple[dict[str, Any], dict[str, Any], str, int]:
    return _binding(cursor, resealed=True), _seal(cursor), cursor.text(16, NODE), cursor.counted()


def batch(
    data: bytes, signing: bytes, keys: Mapping[bytes, Seeds], sealer_signing: bytes = b""
) -> dict[str, Any]:
    """Read, verify and open a batch; ``keys`` are (ML-KEM seed, X25519 seed) pairs by key id."""
    insist(len(data) <= 1_310_720)
    cursor = Cursor(data)
    insist(cursor.fixed(4) == b"JJB1")
    raw, signature = cursor.blob(65_536), cursor.fixed(64)
    written, seal, attachments = whole(raw, _header)
    binding, again = written, (b"", b"")
    if cursor.uint(1):
        again = cursor.blob(65_536), cursor.fixed(64)
        binding, seal, sealer, _ = whole(again[0], _reseal)
        insist(binding["same"] == written["same"])
        insist(sealer in written["journal"].readers() | {written["journal"].writer})
    sealed = cursor.rest()
    found = len(sealed), hashed("jiujin/sealed/1", sealed)
    insist(found == (seal["sealed"], seal["hash"]), "sealed-bytes")
    inner = Cursor(sealed)
    wraps = inner.items(16, lambda at: (at.fixed(8), at.blob(2048)))
    insist([name for name, _ in wraps] == [name for _, name in binding["readers"]])
    ciphertext = inner.rest()
    insist(len(ciphertext) == seal["packed"] + (16 if binding["same"]["suite"] else 0))
    signed(signing, "jiujin/batch/1", raw, signature)
    if again[0]:
        signed(sealer_signing, "jiujin/reseal/1", *again)
    opened = _open(binding, seal, wraps, ciphertext, keys)
    return _described(data, written, attachments) | opened


def _described(data: bytes, binding: dict[str, Any], attachments: list[tuple[bytes, int]]) -> dict[str, Any]:
    return {
        "name": hashed("jiujin/parcel/1", data).hex(),
        "journal": binding["same"]["journal"].hex(),
        "first": binding["same"]["first"],
        "count": binding["same"]["count"],
        "attachments": [[name.hex(), length] for name, length in attachments],
    }


def _open(
    binding: dict[str, Any],
    seal: dict[str, Any],
    wraps: Wraps,
    ciphertext: bytes,
    keys: Mapping[bytes, Seeds],
) -> dict[str, Any]:
    same = binding["same"]
    info = hashed("jiujin/binding/1", binding["raw"])
    plain = _unpacked(_decrypted(same["suite"], wraps, ciphertext, keys, info), seal["plain"])
    opened = run(plain, same["count"], same["before"])
    insist(opened["chain"][-1] == same["after"].hex(), "chain")
    return opened


def _decrypted(
    suite: int, wraps: Wraps, ciphertext: bytes, keys: Mapping[bytes, Seeds], info: bytes
) -> bytes:
    if suite == 0:
        return ciphertext
    ours = [(keys[name], wrapped) for name, wrapped in wraps if name in keys]
    insist(ours, "cannot-open")
    (mlkem, x25519), wrapped = ours[0]
    pair = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(mlkem), X25519PrivateKey.from_private_bytes(x25519)
    )
    try:
        secret = HPKE.decrypt(wrapped, pair, info)
        insist(len(secret) == 32, "cannot-open")
        return AESGCM(secret).decrypt(bytes(12), ciphertext, info)
    except InvalidTag:
        raise Refused("cannot-open") from None


def _unpacked(packed: bytes, length: int) -> bytes:
    try:
        frame = zstandard.get_frame_parameters(packed)
        insist(frame.content_size == length and frame.dict_id == 0, "packing")
        stream = zstandard.ZstdDecompressor().decompressobj()
        plain = stream.decompress(packed)
    except zstandard.ZstdError:
        raise Refused("packing") from None
    insist(stream.eof and not stream.unused_data and len(plain) == length, "packing")
    return plain


def attachment(data: bytes, key: bytes, length: int) -> dict[str, Any]:
    count = max(1, -(-length // 65_520))
    plain = b""
    insist(len(data) == length + 16 * count, "cannot-open")
    for index in range(count):
        last = leb(int(index == count - 1))
        bound = b"jiujin/attachment/1\0" + leb(length) + leb(index) + last
        chunk = data[65_536 * index : 65_536 * (index + 1)]
        try:
            plain += AESGCM(key).decrypt(index.to_bytes(12, "big"), chunk, bound)
        except InvalidTag:
            raise Refused("cannot-open") from None
    return {"plain": plain.hex()}
