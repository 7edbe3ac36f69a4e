"""Fetches pages and feeds by address, politely and within limits. The only module that uses the network."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from .._extras import need
from .._limit import TookTooLong, limited
from .._version import VERSION

try:
    import urllib3
    from protego import Protego
except ModuleNotFoundError:
    need("watch", "watching")
    raise

AGENT = f"communique-watch/{VERSION} (reads news feeds; honours robots.txt)"
LARGEST = 20_000_000  # bytes of one answer, unpacked
SECONDS = 30.0  # for one answer as a whole
REDIRECTS = 5
PAUSE = 1.0  # seconds between two requests to one host
LONGEST_PAUSE = 30.0
RULES = 5.0  # seconds to match an address with robots.txt; if it takes longer, the address is forbidden


class FetchError(Exception):
    """Raised if an address is not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server; `body` is empty if it says that nothing is new (304)."""

    url: str
    status: int
    body: bytes
    etag: str | None
    modified: str | None


# IPv6 networks with an IPv4 address in each address, and the bit at which that ends: IPv4-mapped, 6to4, and NAT64
# (RFC 6052, 8215).
_WITHIN = tuple(
    (ipaddress.IPv6Network(network), bits)
    for network, bits in (("::ffff:0:0/96", 128), ("2002::/16", 48), ("64:ff9b::/96", 128))
)
# Networks that Python counts as public, or may: protocol assignments, IPv4-compatible IPv6, Teredo, local-use
# translation, deprecated site-local.
_REFUSED = tuple(ipaddress.ip_network(n) for n in ("192.0.0.0/24", "::/96", "2001::/32", "64:ff9b:1::/48", "fec0::/10"))


def is_public(address: str) -> bool:
    """Whether a numeric address is public, and the IPv4 address that it contains too."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        for network, bits in _WITHIN:
            if ip in network:
                return is_public(str(ipaddress.IPv4Address((int(ip) >> (128 - bits)) & 0xFFFFFFFF)))
    refused = any(ip.version == network.version and ip in network for network in _REFUSED)
    return ip.is_global and not ip.is_multicast and not refused


def _joined(base: str, location: str) -> str:
    """Returns the target of a redirect. Raises `FetchError` if it is not an address."""
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise FetchError(f"{base}: sends on to what is no address: {error}") from None


class Fetcher:
    """Fetches by HTTP and HTTPS, only from public addresses unless `private` allows others.

    A host's name is looked up once for a request, and the connection goes to exactly the address that was checked.
    Redirects are followed here and checked again. robots.txt is honoured. Answers are limited in time and size.
    """

    def __init__(
        self, private: bool = False, seconds: float = SECONDS, largest: int = LARGEST, pause: float = PAUSE
    ) -> None:
        self._private, self._seconds, self._largest, self._pause = private, seconds, largest, pause
        self._robots: dict[str, Any] = {}
        self._last: dict[str, float] = {}

    def get(self, url: str, etag: str | None = None, modified: str | None = None, robots: bool = True) -> Answer:
        """Fetches an address, following redirects. Raises `FetchError` that names the address and the cause."""
        asked = url
        for _ in range(REDIRECTS + 1):
            if robots and not self._allowed(url):
                raise FetchError(f"{asked}: robots.txt forbids it")
            headers = {"If-None-Match": etag, "If-Modified-Since": modified}
            status, given, body = self._request("GET", url, {k: v for k, v in headers.items() if v})
            if status in (301, 302, 303, 307, 308) and "location" in given:
                url = _joined(url, given["location"])
                continue
            if status == 304:
                return Answer(url, status, b"", etag, modified)
            if status != 200:
                raise FetchError(f"{asked}: HTTP status {status}")
            return Answer(url, status, body, given.get("etag"), given.get("last-modified"))
        raise FetchError(f"{asked}: more than {REDIRECTS} redirects")

    def post(self, url: str, value: Any) -> None:
        """Sends a value as JSON. Raises `FetchError`."""
        status, _, _ = self._request(
            "POST", url, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()
        )
        if status >= 300:
            raise FetchError(f"{url}: HTTP status {status}")

    def _address(self, url: str) -> tuple[str, str, int, str, str]:
        """Returns scheme, host, port, path and numeric address of a URL. Raises `FetchError` if that is forbidden."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise FetchError(f"{url}: no address: {error}") from None
        if parts.scheme not in ("http", "https") or not host:
            raise FetchError(f"{url}: only http and https are fetched")
        if parts.username or parts.password:
            raise FetchError(f"{host}: an address with a password in it is not fetched")
        port = port or (443 if parts.scheme == "https" else 80)
        try:
            found = [str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{url}: no such host: {error}") from None
        if not self._private:
            for each in found:
                if not is_public(each):
                    raise FetchError(f"{url}: {host} is at {each}, no public address: refused")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return parts.scheme, host, port, path, found[0]

    def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        scheme, host, port, path, ip = self._address(url)
        wait = self._last.get(host, 0) + self._delay(host) - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            with limited(self._seconds):  # a server that sends one byte at a time never exceeds a read timeout
                return self._answer(method, url, (scheme, host, port, path, ip), headers, body)
        except TookTooLong:
            raise FetchError(f"{url}: took longer than {self._seconds:g} seconds") from None

    def _answer(
        self,
        method: str,
        url: str,
        address: tuple[str, str, int, str, str],
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> tuple[int, dict[str, str], bytes]:
        scheme, host, port, path, ip = address
        timeout = urllib3.Timeout(connect=min(10.0, self._seconds), read=min(15.0, self._seconds))
        pool: urllib3.HTTPConnectionPool
        if scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                ip, port, timeout=timeout, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
            )
        else:
            pool = urllib3.HTTPConnectionPool(ip, port, timeout=timeout)
        named = host if port in (80, 443) else f"{host}:{port}"
        sent = {
            "Host": named,
            "User-Agent": AGENT,
            "Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip",
            **headers,
        }
        try:
            answer = pool.urlopen(
                method,
                path,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=True,
            )
            found = bytearray()
            for chunk in answer.stream(65536):
                found += chunk
                if len(found) > self._largest:
                    raise FetchError(f"{url}: more than {self._largest // 1_000_000} MB")
            return int(answer.status), {k.lower(): v for k, v in answer.headers.items()}, bytes(found)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchError(f"{url}: {type(error).__name__}: {str(error)[:160]}") from None
        finally:
            self._last[host] = time.monotonic()
            pool.close()

    def _rules(self, url: str) -> Any:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                at, status, body = f"{origin}/robots.txt", 0, b""
                for _ in range(REDIRECTS):
                    status, given, body = self._request("GET", at, {})
                    if not 300 <= status < 400 or "location" not in given:
                        break
                    at = _joined(at, given["location"])
                # After a server error everything is forbidden for now; a missing file forbids nothing.
                text = (
                    body[:500_000].decode("utf-8", "replace")
                    if status == 200
                    else "User-agent: *\nDisallow: /"
                    if status >= 500
                    else ""
                )
            except FetchError:
                text = ""
            self._robots[origin] = Protego.parse(text)
        return self._robots[origin]

    def _allowed(self, url: str) -> bool:
        self._address(url)
        rules = self._rules(url)
        try:
            with limited(RULES):
                return bool(rules.can_fetch(url, AGENT.split("/")[0]))
        except TookTooLong:
            return False

    def _delay(self, host: str) -> float:
        rules = next((r for origin, r in self._robots.items() if urlsplit(origin).hostname == host), None)
        asked = rules.crawl_delay(AGENT.split("/")[0]) if rules is not None else None
        return min(max(self._pause, float(asked or 0)), LONGEST_PAUSE)
