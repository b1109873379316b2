"""A call to an SMS gateway from a template: the gateways of the country differ, so theirs is data. Pure.

Placeholders {phone} {text} {key} are filled in URL, headers and body, escaped for the place where they stand. `key` is
the same on every try, so that a provider can drop what it has sent already.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

SIGNATURE, MOMENT = "X-Xinyu-Signature", "X-Xinyu-Timestamp"
METHODS = ("POST", "PUT", "GET")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class GatewayRefused(ValueError):
    """The template cannot be used; the text says why."""


@dataclass(frozen=True)
class Gateway:
    url: str
    method: str
    headers: Mapping[str, str]
    body: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Call:
    url: str
    method: str
    headers: dict[str, str]
    body: bytes


def check(gateway: Gateway) -> None:
    """Raises GatewayRefused. Plain http only to the machine itself."""
    parts = urlsplit(gateway.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise GatewayRefused("短信网关地址必须以 https:// 开头。")
    if not parts.hostname or "{" in parts.netloc:
        raise GatewayRefused("短信网关地址中缺少主机名，主机名中不能有占位符。")
    if gateway.method not in METHODS:
        raise GatewayRefused(f"请求方式应为 {'、'.join(METHODS)} 之一。")
    whole = gateway.url + gateway.body + "".join(gateway.headers.values())
    if missing := [name for name in ("{phone}", "{text}", "{key}") if name not in whole]:
        raise GatewayRefused(f"模板中缺少占位符：{'、'.join(missing)}")
    if any("\r" in line or "\n" in line for pair in gateway.headers.items() for line in pair):
        raise GatewayRefused("请求头中不能换行。")
    if len(gateway.secret) < 16:
        raise GatewayRefused("签名密钥至少 16 个字节。")


def call(gateway: Gateway, *, phone: str, text: str, key: str, at: int) -> Call:
    """`at`: seconds since 1970. The signature is HMAC-SHA256 over time, method, URL and body, in hex."""
    values = {"{phone}": phone, "{text}": text, "{key}": key}
    kind = next((v for k, v in gateway.headers.items() if k.lower() == "content-type"), "")
    url = _filled(gateway.url, values, quote)
    body = _filled(gateway.body, values, _in_json if "json" in kind else quote).encode()
    headers = {name: _filled(value, values, quote) for name, value in gateway.headers.items()}
    headers |= {MOMENT: str(at), SIGNATURE: signature(gateway.secret, at, gateway.method, url, body)}
    return Call(url, gateway.method, headers, body)


def signature(secret: bytes, at: int, method: str, url: str, body: bytes) -> str:
    """What a gateway computes to know that the call is ours."""
    return hmac.new(secret, f"{at}\n{method}\n{url}\n".encode() + body, hashlib.sha256).hexdigest()


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _filled(template: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    for name, value in values.items():
        template = template.replace(name, escape(value))
    return template
