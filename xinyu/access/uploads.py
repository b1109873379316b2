"""Uploads stay in memory: a roster in a temporary file would be names on a disk that nobody cleans."""

from django.core.files.uploadhandler import MemoryFileUploadHandler


class InMemoryOnly(MemoryFileUploadHandler):
    """Keeps one byte more than FILE_UPLOAD_MAX_MEMORY_SIZE at most and lets the rest go.

    A file that is cut is over every limit of size that a form has, so its reader refuses it with its own sentence.
    """

    limit = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's
        from django.conf import settings

        self.activated, self.limit = True, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1

    def receive_data_chunk(self, raw_data, start):
        self.file.write(raw_data[: max(0, self.limit - self.file.tell())])

    def file_complete(self, file_size):
        return super().file_complete(self.file.tell())
