"""Access tokens, against an issuer that is made here."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import threading
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from vptnlp.errors import ConfigError
from vptnlp_service.oidc import TokenVerifier
from vptnlp_service.security import Authenticator

ISSUER, AUDIENCE = "https://login.example", "vptnlp"


class Issuer:
    """An issuer whose documents are asked for by address."""

    def __init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, {"kid": "r1", "use": "sig", "alg": "RS256"}, auto_kid=False)]
        self.asked: list[str] = []
        self.down = False

    def fetch(self, url: str) -> Any:
        self.asked.append(url)
        if self.down:
            raise OSError("down")
        if url.endswith("/.well-known/openid-configuration"):
            return {"jwks_uri": ISSUER + "/keys"}
        return KeySet(list(self.keys)).as_dict(private=False)

    def token(self, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        chosen = key or self.keys[-1]
        now = int(time.time())
        body = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": "jan.jansen", "iat": now, "exp": now + 300,
            "scope": "openid vpt:assess", **claims,
        }  # fmt: skip
        body = {name: value for name, value in body.items() if value is not None}
        return jwt.encode(header or {"alg": "RS256", "kid": chosen.kid}, body, chosen, algorithms=["RS256", "ES256"])


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def verifier(issuer: Issuer) -> TokenVerifier:
    return TokenVerifier(ISSUER, AUDIENCE, None, "vpt:", issuer.fetch)


def signed_with_public_key(issuer: Issuer, body: str) -> str:
    """The old trick: what anybody may read, used as the secret of a symmetric signature."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"r1"}').rstrip(b"=").decode()
    signed = f"{head}.{body}".encode()
    signature = hmac.new(issuer.keys[0].as_pem(private=False), signed, hashlib.sha256).digest()
    return f"{head}.{body}." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def verify(verifier: TokenVerifier, token: str) -> Any:
    return asyncio.run(verifier.verify(token))


def test_a_good_token_speaks_for_its_subject_with_our_scopes(issuer: Issuer, verifier: TokenVerifier) -> None:
    subject = verify(verifier, issuer.token())
    assert (subject.name, subject.scopes) == ("jan.jansen", {"assess"})
    assert verify(verifier, issuer.token(scope=None, scp=["vpt:metrics"])).scopes == {"metrics"}
    assert verify(verifier, issuer.token(aud=["other", AUDIENCE])).name == "jan.jansen"


def test_other_tokens_speak_for_nobody(issuer: Issuer, verifier: TokenVerifier) -> None:
    good = issuer.token()
    head, body, signature = good.split(".")
    stranger = RSAKey.generate_key(2048, {"kid": "r1"}, auto_kid=False)
    bad = {
        "expired": issuer.token(exp=int(time.time()) - 60),
        "no end": issuer.token(exp=None),
        "not yet": issuer.token(nbf=int(time.time()) + 600),
        "other issuer": issuer.token(iss="https://evil.example"),
        "other audience": issuer.token(aud="other"),
        "no audience": issuer.token(aud=None),
        "no subject": issuer.token(sub=None),
        "other key": issuer.token(stranger),
        "public key as shared secret": signed_with_public_key(issuer, body),
        "unsigned": "eyJhbGciOiJub25lIn0." + body + ".",
        "changed": f"{head}.{body[:-2]}AA.{signature}",
        "rubbish": "a.b.c",
        "empty": "",
        "dots": "....",
        "not text": "\ud800",
    }
    assert {why: verify(verifier, token) for why, token in bad.items()} == dict.fromkeys(bad)


def test_new_keys_are_found_and_the_issuer_is_not_asked_for_ever(issuer: Issuer, verifier: TokenVerifier) -> None:
    assert verify(verifier, issuer.token()) is not None
    asked = len(issuer.asked)
    for _ in range(5):
        assert verify(verifier, "a.b.c") is None
    assert len(issuer.asked) == asked
    issuer.keys.append(ECKey.generate_key("P-256", {"kid": "e1", "use": "sig", "alg": "ES256"}, auto_kid=False))
    token = issuer.token(header={"alg": "ES256", "kid": "e1"})
    assert verify(verifier, token) is None
    verifier._next_try = 0.0
    assert verify(verifier, token) is not None


def test_a_bad_token_keeps_no_good_one_waiting(issuer: Issuer, verifier: TokenVerifier) -> None:
    """Rubbish makes us ask the issuer for newer keys, which may take long; who has a good token goes on."""
    go = threading.Event()
    good = issuer.token()
    fetch = issuer.fetch

    def slow(url: str) -> Any:
        go.wait(10)
        return fetch(url)

    async def main() -> None:
        assert await verifier.verify(good) is not None
        verifier._next_try = 0.0
        verifier._fetch = slow
        bad = asyncio.create_task(verifier.verify("a.b.c"))
        await asyncio.sleep(0.05)
        assert verifier._lock.locked()
        try:
            assert await asyncio.wait_for(verifier.verify(good), 2) is not None
        finally:
            go.set()
        assert await bad is None

    asyncio.run(main())


def test_two_tokens_with_a_new_key_at_once_are_both_taken(issuer: Issuer, verifier: TokenVerifier) -> None:
    assert verify(verifier, issuer.token()) is not None
    issuer.keys.append(RSAKey.generate_key(2048, {"kid": "r2", "use": "sig", "alg": "RS256"}, auto_kid=False))
    token = issuer.token()

    async def main() -> None:
        verifier._next_try = 0.0
        assert None not in await asyncio.gather(verifier.verify(token), verifier.verify(token))

    asyncio.run(main())


def test_an_issuer_that_is_down_lets_nobody_new_in_and_keeps_known_keys(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    issuer.down = True
    assert verify(verifier, issuer.token()) is None
    issuer.down = False
    verifier._next_try = 0.0
    assert verify(verifier, issuer.token()) is not None
    issuer.down = True
    verifier._fresh_until = verifier._next_try = 0.0
    assert verify(verifier, issuer.token()) is not None


def test_only_https_is_asked(issuer: Issuer) -> None:
    with pytest.raises(ConfigError, match="https"):
        TokenVerifier("http://login.example", AUDIENCE)
    issuer.fetch = lambda url: {"jwks_uri": "file:///etc/passwd"}  # type: ignore[method-assign]
    assert verify(TokenVerifier(ISSUER, AUDIENCE, fetch=issuer.fetch), issuer.token()) is None


def test_tokens_open_the_service_as_keys_do(workshop: Any, issuer: Issuer, verifier: TokenVerifier) -> None:
    given = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE}
    with workshop.client(app={"authenticator": Authenticator(None, verifier)}, **given) as client:
        body = {"messages": [{"text": "Dank."}]}
        headers = {"Authorization": f"Bearer {issuer.token()}"}
        assert client.post("/v1/assessments", json=body, headers=headers).status_code == 200
        assert client.post("/v1/details", json=body, headers=headers).status_code == 403
        assert client.post("/v1/assessments", json=body).status_code == 401
        assert client.post("/v1/assessments", json=body, headers={"X-API-Key": "vpt_a_b"}).status_code == 401
