"""What the crypto layer refuses, each by its own name; no sentence holds a secret or personal data."""


class CryptoError(Exception):
    """Base of every refusal of this layer except ``FormatError``."""


class BadSignatureError(CryptoError):
    """A signature is not by that key over those bytes: whoever sent them is at fault."""

    def __init__(self) -> None:
        super().__init__("the signature does not verify")


class BadKeyError(CryptoError):
    """A public key is not one: whoever published it is at fault."""


class CannotOpenError(CryptoError):
    """Sealed bytes do not open with this key and context: another reader's, or altered on the way."""

    def __init__(self) -> None:
        super().__init__("the sealed bytes do not open with this key")


class WrongPasswordError(CryptoError):
    """The password (or recovery code) is not the one the key was locked with, or the file was altered."""

    def __init__(self) -> None:
        super().__init__("the password does not open the key file")


class CertificateError(CryptoError):
    """A certificate is well formed but does not hold: whoever issued or presented it is at fault."""


class OldHubError(CertificateError):
    """A box presents an earlier epoch or generation of the hub than is known: nothing is taken from it."""


class WrongRootError(CryptoError):
    """The county root shown is not the invitation's: another county, or somebody in between."""


class NotMineError(CryptoError):
    """An answer is for another request or certifies other keys: whoever carried it changed or mixed it up."""


class UnknownCertificateError(CryptoError):
    """A renewal names a certificate the hub does not hold as current: renew the newest, or enrol again."""
