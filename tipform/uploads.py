from django.core.files.uploadhandler import MemoryFileUploadHandler


class EncryptedUploadHandler(MemoryFileUploadHandler):
    pass
