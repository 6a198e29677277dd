"""Passwords: hashed with argon2id, in 19 MiB and about 20 ms. The library is loaded when first needed."""

from chalicelib.ports.context import Context

_TIME, _MEMORY_KIB, _LANES, _BYTES = 2, 19 * 1024, 1, 32


def hashed(ctx: Context, password: str) -> str:
    """What is stored of a password: with its salt and its costs, in the usual encoding."""
    from argon2.low_level import Type, hash_secret

    salt = ctx.new_secret()[:22].encode()
    return hash_secret(_raw(password), salt, _TIME, _MEMORY_KIB, _LANES, _BYTES, Type.ID).decode()


def fits(stored: str, password: str) -> bool:
    """Whether this is the password; as long for a wrong one as for the right one."""
    from argon2.exceptions import VerifyMismatchError
    from argon2.low_level import Type, verify_secret

    try:
        return verify_secret(stored.encode(), _raw(password), Type.ID)
    except VerifyMismatchError:
        return False


def _raw(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
