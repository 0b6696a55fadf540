"""Files in an S3 bucket. Imported only where STORAGE_URL names one: boto3 is slow to import.

Nobody but us reads them: browsers get our own links (recorded/playback.py), and objects have no address here.
What is overridden was read from django-storages 1.14.6; tests/storage drives it against a real server.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import boto3.exceptions
import boto3.session
from boto3.s3.transfer import S3TransferRetriesExceededError as TriedOften
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from classrooms.refusals import StorageAway, StorageRefused

PART = 8 * 1024 * 1024  # bytes of a large file that are sent at once
PARTS_AT_ONCE = 2
IN_MEMORY = 1024 * 1024  # of a file that is opened as a whole; the rest of it waits on the disk
CONNECT_WITHIN, ANSWER_WITHIN, TRIES = 3, 20, 2  # seconds, and how often
CHECK_CONNECTS_WITHIN, CHECK_ANSWERS_WITHIN = 2, 5  # seconds: a start does not wait for long
CONNECTIONS = 32  # kept for the threads of one process

KEY_REFUSED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class S3(S3Storage):  # type: ignore[misc]
    """Raises OSError as any storage does: FileNotFoundError, StorageAway, StorageRefused."""

    def __init__(self, **options: Any) -> None:
        transfers = TransferConfig(
            multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=PARTS_AT_ONCE
        )
        transfers.max_in_memory_upload_chunks = PARTS_AT_ONCE
        ours = {
            "file_overwrite": False,
            "querystring_auth": False,
            "security_token": None,
            "session_profile": None,
            "max_memory_size": IN_MEMORY,
            "client_config": patient(CONNECT_WITHIN, ANSWER_WITHIN, TRIES),
            "transfer_config": transfers,
        }
        super().__init__(**ours, **options)
        self._making = threading.Lock()
        self._shared: Any = None

    @property
    def connection(self) -> Any:
        """One for all threads: it takes a tenth of a second to make, and each request has a new thread."""
        with self._making:
            if self._shared is None:
                self._shared = self._connected(self.client_config)
        return self._shared

    def _connected(self, config: Config) -> Any:
        session = boto3.session.Session(self.access_key, self.secret_key, region_name=self.region_name)
        return session.resource("s3", endpoint_url=self.endpoint_url, config=config)

    def open_at(self, name: str, first: int, length: int) -> Readable:
        """The `length` bytes from `first` on: no others leave the bucket."""
        wanted = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        asked = f"bytes={first}-{first + length - 1}"
        with translated():
            return _Part(self.connection.meta.client.get_object(**wanted, Range=asked)["Body"])

    def ask(self) -> None:
        """Whether bucket and key are right, soon. Raises StorageAway, StorageRefused."""
        config = patient(CHECK_CONNECTS_WITHIN, CHECK_ANSWERS_WITHIN, 1)
        with translated():
            client = self._connected(config).meta.client
            client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)

    def exists(self, name: str) -> bool:
        with translated():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with translated():
            return int(super().size(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with translated():
            folders, files = super().listdir(name)
            return folders, files

    def delete(self, name: str) -> None:
        with translated():
            super().delete(name)

    def url(self, name: str | None, *_: Any, **__: Any) -> str:
        raise ValueError("Files in the bucket have no address for browsers.")

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """One to be read comes here as a whole, onto the disk: so what breaks does so here."""
        with translated():
            opened: File[bytes] = super()._open(name, mode)
            try:
                return opened.open() if "r" in mode else opened
            except BaseException:
                opened.close()
                raise

    def _save(self, name: str, content: File[bytes]) -> str:
        with translated():
            return str(super()._save(name, content))


class _Part:
    """What is read of an answer; breaks as a file does."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int, /) -> bytes:
        with translated():
            return bytes(self._body.read(size))

    def close(self) -> None:
        self._body.close()


def patient(connect: float, answer: float, tries: int) -> Config:
    """Checksums in trailers are AWS's own: other servers keep them as part of the file, or refuse them."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=connect,
        read_timeout=answer,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=CONNECTIONS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def translated() -> Iterator[None]:
    """Botocore's errors as OSErrors."""
    try:
        yield
    except ClientError as error:
        raise _of_answer(error) from error
    except (BotoCoreError, boto3.exceptions.Boto3Error, TriedOften) as error:
        raise StorageAway(f"The storage does not answer: {error}") from error


def _of_answer(error: ClientError) -> OSError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code == "NoSuchBucket":
        return StorageRefused("The bucket is not there.")
    if code == "RequestTimeTooSkewed":
        return StorageRefused("The clocks of this machine and of the storage differ.")
    if code in KEY_REFUSED or status in (401, 403):
        return StorageRefused(f"The storage refuses the key ({code}).")
    if status == 404:
        return FileNotFoundError(2, "The file is not in the storage.")
    return StorageAway(f"The storage cannot do it now ({code}).")
