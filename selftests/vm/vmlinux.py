#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Read an x86 bzImage.

usage: vmlinux.py IMAGE         print the kernel's release
       vmlinux.py IMAGE OUTPUT  write the uncompressed kernel (ELF)

QEMU starts an ELF kernel directly, which saves the guest from unpacking
itself. The offsets are those of Documentation/arch/x86/boot.rst.
"""
import lzma
import struct
import subprocess
import sys
import zlib

SETUP_SECTS = 0x1F1
MAGIC = 0x202
KERNEL_VERSION = 0x20E
PAYLOAD = 0x248


def release(image):
    """Return the release that the image's version string begins with."""
    start = struct.unpack_from("<H", image, KERNEL_VERSION)[0] + 0x200
    return image[start:image.index(b"\0", start)].decode().split()[0]


def unpack(image):
    """Return the image's payload, uncompressed."""
    offset, length = struct.unpack_from("<II", image, PAYLOAD)
    start = ((image[SETUP_SECTS] or 4) + 1) * 512 + offset
    # The last four bytes are the unpacked size.
    data = image[start:start + length - 4]
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31).decompress(data)
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor().decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "-dcq"], input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    if data.startswith(b"\x7fELF"):
        return data
    raise ValueError("unknown compression of the kernel image")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    if image[MAGIC:MAGIC + 4] != b"HdrS":
        sys.exit(f"{sys.argv[1]}: no bzImage")
    if len(sys.argv) == 2:
        print(release(image))
        return
    try:
        kernel = unpack(image)
    except (ValueError, zlib.error, lzma.LZMAError, OSError,
            subprocess.CalledProcessError) as err:
        sys.exit(f"{sys.argv[1]}: {err}")
    if not kernel.startswith(b"\x7fELF"):
        sys.exit(f"{sys.argv[1]}: the payload is no ELF file")
    with open(sys.argv[2], "wb") as file:
        file.write(kernel)


main()
