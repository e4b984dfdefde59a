"""Take the one file out of a gzip or zip, within limits that no archive bomb passes."""

import errno
import gzip
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from datapilot.contracts.errors import CorruptFile, EncryptedFile, ExpandsTooFar, NotATable
from datapilot.contracts.limits import MEBIBYTE, Limits
from datapilot.reading.formats.file_type import NO_TABLE_ADVICE

CHUNK_BYTES = MEBIBYTE
ALWAYS_ALLOWED_BYTES = 16 * MEBIBYTE  # tiny files of one repeated value compress a thousandfold and are honest
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})  # not the file's fault, unlike every other error of the system
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg")
LITTER = ("__macosx/", ".ds_store", "thumbs.db")


def unpack_gzip(path: Path, target: Path, *, name: str, limits: Limits) -> str:
    """Write the content of the gzip at `path` to `target` and return its name without `.gz`."""
    try:
        with gzip.open(path) as stream:
            _copy(stream, target, packed=path.stat().st_size, limits=limits)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise CorruptFile("The gzip file is damaged or cut short. Pack or download it again.") from None
    lowered = name.lower()
    return name[:-3] if lowered.endswith(".gz") else name


def unpack_zip(path: Path, target: Path, *, limits: Limits) -> str:
    """Write the one file inside the zip to `target` and return its name. Raises NotATable when there is not exactly
    one, EncryptedFile, CorruptFile or ExpandsTooFar."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                info
                for info in archive.infolist()
                if not info.is_dir() and not any(part in info.filename.lower() for part in LITTER)
            ]
            if not members:
                raise NotATable("The zip holds no file. Pack the table into it, or upload the table itself.")
            names = [PurePosixPath(info.filename).name for info in members]
            if all(name.lower().endswith(PICTURES) for name in names):
                raise NotATable(f"The zip holds only pictures ({names[0]}), no table. {NO_TABLE_ADVICE}")
            if len(members) > 1:
                shown = ", ".join(names[:5])
                raise NotATable(
                    f"The zip holds {len(members)} files ({shown}{', …' if len(members) > 5 else ''}); "
                    "upload the one you want analysed."
                )
            (member,) = members
            if member.flag_bits & 0x1:
                raise EncryptedFile("The zip is protected by a password. Unpack it and upload the file inside.")
            with archive.open(member) as stream:
                _copy(stream, target, packed=max(1, member.compress_size), limits=limits)
            return PurePosixPath(member.filename).name
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        raise CorruptFile("The zip file is damaged or cut short. Pack or download it again.") from None


def check_members(path: Path, limits: Limits) -> None:
    """Raise ExpandsTooFar for a workbook whose parts unpack to more than `limits` allow, before anything is parsed."""
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    _check_size(unpacked, packed=path.stat().st_size, limits=limits)


def _copy(stream: IO[bytes] | gzip.GzipFile, target: Path, *, packed: int, limits: Limits) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            written += len(chunk)
            _check_size(written, packed=packed, limits=limits)
            out.write(chunk)


def _check_size(unpacked: int, *, packed: int, limits: Limits) -> None:
    too_much = unpacked > limits.max_unpacked_bytes
    too_dense = unpacked > ALWAYS_ALLOWED_BYTES and unpacked > packed * limits.max_unpack_ratio
    if too_much or too_dense:
        raise ExpandsTooFar(
            f"The file unpacks to more than {unpacked // MEBIBYTE:,} MB from {max(1, packed // 1024):,} KB, "
            "which looks like an attack. Unpack it yourself and upload the table inside."
        )
