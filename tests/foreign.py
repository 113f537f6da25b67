"""What a page of another site, or a name that was pointed here, sends to what listens on this machine."""

from tests.asking import CLIENT

NAMES = [
    "evil.example",
    "127.0.0.1.evil.example",
    "[::1",
    "127.0.0.1:1:1",
    "",
    "localhost@evil.example",
    "\xff",
]
SITES = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"},
]


def statuses(url: str, path: str, headers: list[dict[str, str]], **sent: object) -> set[int]:
    found = set()
    for each in headers:
        raw = {name: value.encode("latin-1") for name, value in each.items()}
        found.add(CLIENT.request("POST" if sent else "GET", url + path, headers=raw, **sent).status_code)
    return found
