"""URIs and addresses as telephones write them."""

import pytest

from appliance.sip.uri import read_address, read_uri, split_values


@pytest.mark.parametrize(
    ("text", "scheme", "user", "host", "port", "params"),
    [
        ("sip:alice@atlanta.test", "sip", "alice", "atlanta.test", 0, {}),
        (
            "SIPS:alice:secret@[2001:db8::1]:5061;transport=TLS;lr?Subject=x",
            "sips",
            "alice",
            "2001:db8::1",
            5061,
            {"transport": "TLS", "lr": ""},
        ),
        ("sip:%2B49%2030@10.0.0.1:5060", "sip", "+49 30", "10.0.0.1", 5060, {}),
        ("sip:user;par=u%40x@example.com", "sip", "user;par=u@x", "example.com", 0, {}),
        ("sip:user@realm@10.0.0.1", "sip", "user@realm", "10.0.0.1", 0, {}),
        ("sip:10.0.0.1:99999", "sip", "", "10.0.0.1", 0, {}),
        ("tel:+1-201-555-0123;phone-context=x", "tel", "+1-201-555-0123", "", 0, {"phone-context": "x"}),
        ("alice@jasomi.test", "", "alice", "jasomi.test", 0, {}),
        ("mailto:x@y", "mailto", "", "", 0, {}),
        ("", "", "", "", 0, {}),
    ],
)
def test_uris_are_taken_apart(text, scheme, user, host, port, params):
    uri = read_uri(text)
    assert (uri.scheme, uri.user, uri.host, uri.port, uri.params) == (scheme, user, host, port, params)


@pytest.mark.parametrize(
    ("text", "display", "user", "params"),
    [
        ('"A \\"B\\" C" <sip:x@h>;tag=1', 'A "B" C', "x", {"tag": "1"}),
        ("Bob Smith <sip:x@h;lr>;tag=1", "Bob Smith", "x", {"tag": "1"}),
        ("sip:x@h;tag=1", "", "x", {"tag": "1"}),
        ('"a<b>" <sip:x@h>', "a<b>", "x", {}),
        ('"unclosed <sip:x@h>', "unclosed", "x", {}),
        ('"" <sip:x@h>', "", "x", {}),
        ("=?utf-8?B?5byg5LiJ?= <sip:x@h>", "张三", "x", {}),
        ("=?UTF-8?Q?J=C3=BCrgen_M?= <sip:x@h>", "Jürgen M", "x", {}),
        ("=?x-bad?Q?J=C3?= <sip:x@h>", "=?x-bad?Q?J=C3?=", "x", {}),
        ('"张三" <sip:x@h>', "张三", "x", {}),
        ('"nul\x00l" <sip:x@h>;a="1;2";b', "null", "x", {"a": "1;2", "b": ""}),
    ],
)
def test_display_names_and_parameters_are_decoded(text, display, user, params):
    address = read_address(text)
    assert (address.display, address.uri.user, address.params) == (display, user, params)


def test_commas_in_quotes_and_brackets_separate_nothing():
    assert split_values('"a,b" <sip:c,d@e>, <sip:f@g> ,,') == ['"a,b" <sip:c,d@e>', "<sip:f@g>"]
    assert split_values('"a, <sip:b@c>, d') == ['"a', "<sip:b@c>", "d"]


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 40000, "<" * 60000, '"\\' * 30000, '",' * 30000, "<," * 30000]
)
@pytest.mark.timeout(30)
def test_hostile_quotes_and_brackets_cost_no_more_than_their_length(text):
    """A reader that starts again at every quote needs minutes for this."""
    assert read_address(text).uri.scheme == ""
    assert len(split_values(text)) <= len(text)
