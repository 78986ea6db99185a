"""Where secrets are: in the environment, in a file of their owner's, or in the keyring of the system. Never in the settings.

A settings file is copied, mailed and put under version control; a secret in it would travel along.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from repwatch.errors import CredentialError
from repwatch.models import Credential
from repwatch.refusals import NO_CREDENTIAL
from repwatch.wording import N_

#: What a table in the settings holds for each scheme: plain texts, then secrets.
FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "key": ((), ("key",)),
    "bearer": ((), ("token",)),
    "client": (("client_id",), ("client_secret",)),
    "refresh": (("client_id",), ("client_secret", "refresh_token")),
    "session": (("identifier",), ("password",)),
}
#: The endings that say where a secret is.
PLACES = ("env", "file", "keyring")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def plain_fields(credential: Credential) -> tuple[str, ...]:
    """Return the names of the plain texts in a credential's table."""
    return (*FIELDS[credential.scheme][0], *(("host",) if credential.own_host else ()))


def variable(credential: Credential, field: str) -> str:
    """Return the environment variable in which a secret is looked for when the settings name no place."""
    return f"REPWATCH_{credential.name.upper()}_{field.upper()}"


def setting(credential: Credential) -> str:
    """Name a credential's setting for a message, with the variables of its secrets."""
    variables = " and ".join(variable(credential, field) for field in FIELDS[credential.scheme][1])
    return f"[credentials.{credential.name}] ({variables})"


def find_secrets(credential: Credential, table: Mapping[str, str], base: Path) -> dict[str, str]:
    """Return the secrets of a credential; {} where none of them is set. Raises CredentialError where one is missing or spoilt."""
    found = {field: _secret(credential, field, table, base) for field in FIELDS[credential.scheme][1]}
    if not any(found.values()) and not table:
        return {}
    missing = [field for field, value in found.items() if value is None] + [field for field in plain_fields(credential) if not table.get(field)]
    if missing:
        raise _wrong(credential, N_("{field} is not set", field=missing[0]))
    return {field: value for field, value in found.items() if value}


def _secret(credential: Credential, field: str, table: Mapping[str, str], base: Path) -> str | None:
    if name := table.get(f"{field}_env"):
        value = os.environ.get(name)
        if value is None:
            raise _wrong(credential, N_("the variable {name} is not set", name=name))
    elif path := table.get(f"{field}_file"):
        value = _from_file(credential, base / Path(path).expanduser())
    elif service := table.get(f"{field}_keyring"):
        value = _from_keyring(credential, service, field)
    else:
        value = os.environ.get(variable(credential, field))
        if value is None:
            return None
    value = value.strip()
    # What is sent in a header is printable ASCII; a password is sent in a body, and may be anything.
    if not value or (field != "password" and not (value.isascii() and value.isprintable() and " " not in value)):
        raise _wrong(credential, N_("{field} is empty, or holds a character that none has: copy it once more", field=field))
    return value


def _from_file(credential: Credential, path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise _wrong(credential, N_("others can read {path}: {command}", path=path, command=f"chmod 600 {path}"))
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else N_("it is no text in UTF-8")
        raise _wrong(credential, N_("{path} cannot be read: {why}", path=path, why=why)) from error


def _from_keyring(credential: Credential, service: str, field: str) -> str:
    name = f"{credential.name}.{field}"
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise _wrong(credential, N_("the keyring needs one more package: {command}", command="pip install keyring")) from error
    try:
        value: str | None = keyring.get_password(service, name)
    except KeyringError as error:
        raise _wrong(credential, N_("the keyring cannot be read ({why})", why=type(error).__name__)) from error
    if value is None:
        raise _wrong(credential, N_("the keyring holds nothing under this name: {command}", command=f"keyring set {service} {name}"))
    return value


def _wrong(credential: Credential, what: str) -> CredentialError:
    return CredentialError(what, where=f"credentials.{credential.name}", reason=NO_CREDENTIAL)
