#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Vectors of the handshake, as a C header for noise_kunit.c.

Made by another implementation of Noise (dissononce) with the primitives of
OpenSSL and Python; what mwbond adds to Noise is written here from
Documentation/wire.rst. Prints kernel/tests/generated/noise_vectors.h.
"""

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from dissononce.cipher.chachapoly import ChaChaPolyCipher
from dissononce.dh.private import PrivateKey
from dissononce.dh.x25519.x25519 import X25519DH
from dissononce.hash.blake2s import Blake2sHash
from dissononce.processing.handshakepatterns.interactive.IK import (
    IKHandshakePattern)
from dissononce.processing.impl.cipherstate import CipherState
from dissononce.processing.impl.handshakestate import HandshakeState
from dissononce.processing.impl.symmetricstate import SymmetricState
from dissononce.processing.modifiers.psk import PSKPatternModifier

VECTORS = 8

# Of RFC 8439, appendix A.5
TEXT = ("Internet-Drafts are draft documents valid for a maximum of six months "
        "and may be updated, replaced, or obsoleted by other documents at any "
        "time. It is inappropriate to use Internet-Drafts as reference "
        "material or to cite them other than as /\u201cwork in progress./"
        "\u201d")


class FixedDH(X25519DH):
    """Its ephemeral key is the one given."""

    def __init__(self, ephemeral):
        super().__init__()
        self.ephemeral = ephemeral

    def generate_keypair(self, privatekey=None):
        return super().generate_keypair(privatekey or
                                        PrivateKey(self.ephemeral))


def some(label, n, length=32):
    """Bytes that look random and are always the same."""
    return hashlib.shake_128(f"{label} {n}".encode()).digest(length)


def blake2s(data):
    return hashlib.blake2s(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.blake2s).digest()


def end(ephemeral):
    return HandshakeState(SymmetricState(CipherState(ChaChaPolyCipher()),
                                         Blake2sHash()), FixedDH(ephemeral))


def vector(n):
    v = {name: some(name, n) for name in (
        "initiator", "responder", "random1", "random2", "preshared")}
    if n == 0:
        v["preshared"] = bytes(32)
    v["hello1"] = some("hello1", n, 12)
    v["hello2"] = some("hello2", n, 12)
    v["stamp"] = some("stamp", n, 12)
    dh = X25519DH()
    own = dh.generate_keypair(PrivateKey(v["initiator"]))
    peer = dh.generate_keypair(PrivateKey(v["responder"]))
    pattern = PSKPatternModifier(2).modify(IKHandshakePattern())
    prologue = b"mwbond version 1" + v["hello1"]
    first, second = end(v["random1"]), end(v["random2"])
    first.initialize(pattern, True, prologue, s=own, rs=peer.public,
                     psks=(v["preshared"],))
    second.initialize(pattern, False, prologue, s=peer,
                      psks=(v["preshared"],))
    assert first.protocol_name == "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"

    message, got = bytearray(), bytearray()
    first.write_message(v["stamp"], message)
    second.read_message(bytes(message), got)
    assert bytes(got) == v["stamp"]
    v["message1"] = bytes(message)

    message, got = bytearray(), bytearray()
    for state in first, second:
        state.symmetricstate.mix_hash(v["hello2"])
    keys = second.write_message(b"", message)
    assert [k._key for k in first.read_message(bytes(message), got)] == \
        [k._key for k in keys]
    v["message2"] = bytes(message)
    v["key1"], v["key2"] = (bytes(k._key) for k in keys)

    v["public1"], v["public2"] = own.public.data, peer.public.data
    v["id"] = blake2s(peer.public.data)[:8]
    v["packet"] = some("packet", n, 120)
    v["mac"] = mac(blake2s(b"mwbond mac1" + peer.public.data),
                   v["packet"])[:16]
    v["nonce"] = some("nonce", n, 24)
    v["cookie"] = some("cookie", n, 16)
    once = mac(blake2s(b"mwbond cookie" + peer.public.data), v["nonce"])
    v["sealed"] = ChaCha20Poly1305(once).encrypt(bytes(12), v["cookie"],
                                                 v["mac"])
    return v


def main():
    vectors = [vector(n) for n in range(VECTORS)]
    print("/* SPDX-License-Identifier: GPL-2.0-only */")
    print("/* Made by selftests/unit/noise_vectors.py; do not edit. */\n")
    text = "".join(chr(c) if c < 128 else f"\\{c:o}" for c in TEXT.encode())
    print(f'static const char mwb_noise_text[] =\n\t"{text}";\n')
    print("static const struct mwb_noise_vector {")
    for name, value in vectors[0].items():
        print(f"\tu8 {name}[{len(value)}];")
    print("} mwb_noise_vectors[] = {")
    for v in vectors:
        print("\t{")
        for name, value in v.items():
            print(f"\t\t.{name} = {{")
            for at in range(0, len(value), 12):
                print("\t\t\t" + " ".join(f"{byte:#04x}," for byte in
                                          value[at:at + 12]))
            print("\t\t},")
        print("\t},")
    print("};")


main()
