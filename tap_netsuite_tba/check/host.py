"""Whether the account's host answers, who it proves to be, and what stands on the way."""

import contextlib
import os
import time
import warnings
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from cryptography import x509
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy
from urllib3.exceptions import InsecureRequestWarning

from tap_netsuite_tba.check.case import Case
from tap_netsuite_tba.check.explained import explained
from tap_netsuite_tba.check.findings import Finding, passed
from tap_netsuite_tba.explanations import cause
from tap_netsuite_tba.netsuite.account import Account
from tap_netsuite_tba.netsuite.connections import Connections, KnownConnections, Tls
from tap_netsuite_tba.netsuite.errors import CertificateRefused, NetSuiteError
from tap_netsuite_tba.netsuite.transport import Auth, Transport

_CONNECT_TIMEOUT = 10.0
_READ_TIMEOUT = 30.0
_OWN_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

_OPENED = (
    "Something on the way, such as a company's proxy, opens what is encrypted: no public authority "
    "issued the certificate, and this machine trusts it by {own}"
)

_FIRST_CAUSES: Mapping[str, str] = {
    "hostname": "base_url_wrong",
    "ip address": "base_url_wrong",
    "expired": "host_clock_wrong",
    "not yet valid": "host_clock_wrong",
}
"""The likeliest cause, by OpenSSL's words for why a certificate is refused."""


def check_host(case: Case) -> Finding:
    """Ask the host for the head of its front page, without credentials; any answer will do."""
    account = case.account
    transport = Transport(
        account,
        Auth(),
        connections=1,
        user_agent=case.user_agent,
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
    )
    proxy = case.proxy = _proxy(account)
    on_the_way = {"host": urlsplit(account.base_url).hostname, "proxy": proxy}
    began = time.monotonic()
    try:
        reply = transport.head("/")
    except CertificateRefused as error:
        return _untrusted(account, error, on_the_way)
    except NetSuiteError as error:
        if not transport.connections.have_stood:
            likely = "proxy_wrong" if proxy else "base_url_wrong"
            return explained(error, **on_the_way).led_by(cause(likely))
        return passed(f"{account.base_url} takes connections and is silent on HEAD /", **on_the_way)
    finally:
        transport.close()
    case.date = reply.headers.get("Date")
    opened = _opened(account)
    case.is_sealed = account.is_at_netsuite and not opened
    milliseconds = round(1000 * (time.monotonic() - began))
    tls = transport.connections.tls
    issuer = _issuer(tls)
    encrypted = f"{tls.version.replace('v', ' ')}, certificate by {issuer}" if tls else "no TLS"
    return passed(
        f"{on_the_way['host']} answers in {milliseconds} ms, {encrypted}"
        + (f", by way of the proxy {proxy}" if proxy else ""),
        *opened,
        milliseconds=milliseconds,
        status=reply.status,
        tls=tls.version if tls else None,
        issuer=issuer,
        **on_the_way,
    )


def _untrusted(
    account: Account, error: CertificateRefused, on_the_way: Mapping[str, str | None]
) -> Finding:
    """Whose certificate it is that was refused: that of a proxy mostly names the company."""
    shown = _shown(account, verify=False)
    finding = explained(error, issuer=_issuer(shown), **on_the_way)
    words = error.detail.lower()
    first = [cause(key) for says, key in _FIRST_CAUSES.items() if says in words]
    return finding.led_by(
        *first,
        note=f"The certificate says that {_issuer(shown)} issued it" if shown else "",
    )


def _opened(account: Account) -> tuple[str, ...]:
    """A sentence where a certificate is trusted by this machine's own list of authorities only."""
    own = next((name for name in _OWN_AUTHORITIES if os.environ.get(name)), None)
    if not own or not account.base_url.startswith("https"):
        return ()
    if account.on_loopback or _shown(account, verify=DEFAULT_CA_BUNDLE_PATH):
        return ()
    return (_OPENED.format(own=own),)


def _shown(account: Account, *, verify: bool | str) -> Tls | None:
    """The certificate that a host shows; None if it is not trusted. Only HEAD / is sent there."""
    connections = Connections()
    with requests.Session() as http, warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureRequestWarning)
        http.auth = Auth()
        http.trust_env = not account.on_loopback
        http.mount("https://", KnownConnections(connections, 1))
        with contextlib.suppress(requests.RequestException):  # told by what stood
            http.head(
                account.base_url,
                verify=verify,
                allow_redirects=False,
                timeout=(_CONNECT_TIMEOUT, _READ_TIMEOUT),
            )
    return connections.tls


def _proxy(account: Account) -> str | None:
    """The proxy that requests take, without its user and password; None if there is none."""
    if account.on_loopback:
        return None
    url = select_proxy(account.base_url, get_environ_proxies(account.base_url))
    if not url:
        return None
    address = urlsplit(url if "//" in url else f"//{url}")
    return f"{address.hostname}:{address.port}" if address.port else address.hostname


def _issuer(tls: Tls | None) -> str | None:
    """The organization that issued a certificate, or else whatever the issuer calls itself."""
    if tls is None or not tls.certificate:
        return None
    issuer = x509.load_der_x509_certificate(tls.certificate).issuer
    organizations = issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(organizations[0].value) if organizations else issuer.rfc4514_string()
