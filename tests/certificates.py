"""A certificate for loopback and NetSuite's hosts, from an authority of our own."""

from dataclasses import dataclass
from pathlib import Path

import trustme

_HOSTS = ("127.0.0.1", "*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com")


@dataclass(frozen=True)
class Certificate:
    """Files, all PEM.

    Attributes:
        authority: what a client has to trust.
        certfile: what a simulator shows.
        keyfile: its private key.
    """

    authority: Path
    certfile: Path
    keyfile: Path


def certificate_in(folder: Path) -> Certificate:
    """Write an authority's certificate and one that it issued."""
    made = Certificate(folder / "authority.pem", folder / "cert.pem", folder / "key.pem")
    authority = trustme.CA()
    issued = authority.issue_cert(*_HOSTS)
    authority.cert_pem.write_to_path(made.authority)
    issued.cert_chain_pems[0].write_to_path(made.certfile)
    issued.private_key_pem.write_to_path(made.keyfile)
    return made
