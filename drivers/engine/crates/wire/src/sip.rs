//! Recognising SIP by content, and finding where one message ends in a stream.
//!
//! This is no SIP parser: it reads the start line's form and the length of the body, nothing else.
//!
//! Source: RFC 3261 §7, §18.3, §20.14, §25.1

use memchr::{memchr, memmem};

/// Longest start line looked at: request URIs may be long, noise is not read to its end.
pub const MAX_START_LINE_BYTES: usize = 8192;
/// Longest method name that is believed.
const MAX_METHOD_BYTES: usize = 64;

/// How sure the first line makes us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// No SIP.
    No,
    /// The form of a start line with a flaw (odd version, no colon in the URI, line not ended): SIP on a SIP port.
    Tolerable,
    /// A whole and proper start line: SIP on any port.
    Certain,
}

/// Source: RFC 3261 §25.1 (token)
#[inline]
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~'
        )
}

/// The methods of RFC 3261 and its extensions, to believe in a start line that is cut.
const METHODS: [&[u8]; 14] = [
    b"INVITE",
    b"ACK",
    b"BYE",
    b"CANCEL",
    b"REGISTER",
    b"OPTIONS",
    b"PRACK",
    b"SUBSCRIBE",
    b"NOTIFY",
    b"PUBLISH",
    b"INFO",
    b"REFER",
    b"MESSAGE",
    b"UPDATE",
];

/// Judge the beginning of a datagram or of a message in a stream.
///
/// One comparison settles it for RTP, whose first byte is no token.
/// Source: RFC 3261 §7.1, §7.2
#[must_use]
#[inline]
pub fn likeness(data: &[u8]) -> Likeness {
    match data.first() {
        Some(&first) if is_token(first) => start_line(data),
        _ => Likeness::No,
    }
}

fn start_line(data: &[u8]) -> Likeness {
    let looked_at = &data[..data.len().min(MAX_START_LINE_BYTES)];
    let Some(end) = memchr(b'\n', looked_at) else {
        return unended(looked_at);
    };
    let line = looked_at[..end].trim_ascii_end();
    if starts_with_version(line) {
        return status_line(line);
    }
    let Some(method_end) = line.iter().position(|&byte| !is_token(byte)) else {
        return Likeness::No;
    };
    if method_end > MAX_METHOD_BYTES || !matches!(line[method_end], b' ' | b'\t') {
        return Likeness::No;
    }
    let Some(version_at) = line.iter().rposition(|byte| matches!(byte, b' ' | b'\t')) else {
        return Likeness::No;
    };
    let version = &line[version_at + 1..];
    if version_at <= method_end || !starts_with_version(version) {
        // No version: nobody but SIP speaks of these methods and schemes together.
        return unended(line);
    }
    let uri = &line[method_end + 1..version_at];
    if version.eq_ignore_ascii_case(b"SIP/2.0") && memchr(b':', uri).is_some() {
        Likeness::Certain
    } else {
        Likeness::Tolerable
    }
}

fn starts_with_version(text: &[u8]) -> bool {
    text.len() >= 5 && text[..4].eq_ignore_ascii_case(b"SIP/") && text[4].is_ascii_digit()
}

fn status_line(line: &[u8]) -> Likeness {
    let Some(version_end) = line.iter().position(|byte| matches!(byte, b' ' | b'\t')) else {
        return Likeness::No;
    };
    let rest = line[version_end..].trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return Likeness::No;
    }
    let proper = digits == 3
        && (b'1'..=b'6').contains(&rest[0])
        && matches!(rest.get(3), None | Some(b' ' | b'\t'));
    if proper && line[..version_end].eq_ignore_ascii_case(b"SIP/2.0") {
        Likeness::Certain
    } else {
        Likeness::Tolerable
    }
}

/// A start line whose end was not captured.
fn unended(data: &[u8]) -> Likeness {
    if starts_with_version(data) {
        return status_line(data).min(Likeness::Tolerable);
    }
    let Some(method_end) = memchr(b' ', data) else {
        return Likeness::No;
    };
    let scheme = &data[method_end + 1..];
    let known = METHODS.contains(&&data[..method_end]);
    let addressed = [&b"sip:"[..], b"sips:", b"tel:"]
        .iter()
        .any(|name| scheme.len() >= name.len() && scheme[..name.len()].eq_ignore_ascii_case(name));
    if known && addressed {
        Likeness::Tolerable
    } else {
        Likeness::No
    }
}

/// Whether `data` may still become a start line when more of the stream comes.
#[must_use]
pub fn may_become_start(data: &[u8]) -> bool {
    data.len() < MAX_START_LINE_BYTES
        && memchr(b'\n', data).is_none()
        && data.first().is_none_or(|&first| is_token(first))
        && data
            .iter()
            .all(|&byte| byte >= 0x20 || byte == b'\t' || byte == b'\r')
}

/// Offset of the first byte after the empty line that ends the headers, looking from `from` on.
///
/// Bare line feeds are taken, too. `from` may be any offset up to which no end was found.
#[must_use]
pub fn body_at(data: &[u8], from: usize) -> Option<usize> {
    let from = from.saturating_sub(3);
    let mut at = from;
    while let Some(found) = memchr(b'\n', data.get(at..)?) {
        let line_end = at + found + 1;
        match data.get(line_end..) {
            Some([b'\r', b'\n', ..]) => return Some(line_end + 2),
            Some([b'\n', ..]) => return Some(line_end + 1),
            _ => at = line_end,
        }
    }
    None
}

/// Value of the first header of one of these names; folded lines are not joined.
fn header<'a>(headers: &'a [u8], long: &[u8], short: &[u8]) -> Option<&'a [u8]> {
    let mut lines = headers.split(|&byte| byte == b'\n');
    lines.next();
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let Some(colon) = memchr(b':', line) else {
            continue;
        };
        let name = line[..colon].trim_ascii_end();
        if name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short) {
            let value = line[colon + 1..].trim_ascii();
            if !value.is_empty() {
                return Some(value);
            }
            // Folded: the value stands on the next line, which begins with white space.
            return match lines.peek() {
                Some([b' ' | b'\t', next @ ..]) => Some(next.trim_ascii()),
                _ => Some(value),
            };
        }
    }
    None
}

/// Methods of which no request begins a call.
const OUTSIDE_CALLS: [&[u8]; 4] = [b"REGISTER", b"OPTIONS", b"PUBLISH", b"SUBSCRIBE"];

/// Whether a message, or the request that it answers, is of a kind that begins no call. Anything unclear is none.
///
/// Source: RFC 3261 §8.1.1.5 (the sequence header names the method), §10, §11, RFC 3903, RFC 6665
#[must_use]
pub fn is_outside_calls(data: &[u8]) -> bool {
    let is_one = |method: &[u8]| OUTSIDE_CALLS.contains(&method);
    if !starts_with_version(data) {
        let end = data.iter().position(|&byte| !is_token(byte));
        return end.is_some_and(|end| is_one(&data[..end]));
    }
    let headers = &data[..body_at(data, 0).unwrap_or(data.len())];
    cseq_method(headers).is_some_and(is_one)
}

/// The body's length that the headers claim. None when the header is missing or is no number.
///
/// Source: RFC 3261 §20.14
#[must_use]
pub fn content_length(headers: &[u8]) -> Option<usize> {
    let value = header(headers, b"Content-Length", b"l")?;
    let digits = &value[..value
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()];
    if digits.is_empty() {
        return None;
    }
    // A number beyond usize is beyond every limit.
    Some(
        std::str::from_utf8(digits)
            .ok()?
            .parse()
            .unwrap_or(usize::MAX),
    )
}

/// The Call-ID, when it is there. Source: RFC 3261 §20.8
#[must_use]
pub fn call_id(headers: &[u8]) -> Option<&[u8]> {
    header(headers, b"Call-ID", b"i").filter(|value| !value.is_empty())
}

/// The status code of an answer; None for a request. Source: RFC 3261 §7.2
#[must_use]
pub fn status_code(message: &[u8]) -> Option<u16> {
    if !starts_with_version(message) {
        return None;
    }
    let rest = message[message.iter().position(u8::is_ascii_whitespace)?..].trim_ascii_start();
    std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
}

/// The first word of a request.
#[must_use]
pub fn method(message: &[u8]) -> &[u8] {
    let end = message.iter().position(|&byte| !is_token(byte));
    &message[..end.unwrap_or(message.len())]
}

/// The method that a sequence header names. Source: RFC 3261 §20.16
#[must_use]
pub fn cseq_method(headers: &[u8]) -> Option<&[u8]> {
    header(headers, b"CSeq", b"CSeq")?
        .split(u8::is_ascii_whitespace)
        .next_back()
}

/// The value of To. Source: RFC 3261 §20.39
#[must_use]
pub fn to(headers: &[u8]) -> Option<&[u8]> {
    header(headers, b"To", b"t")
}

/// Whether the value of From or To seems to have a tag; a name or an address may say so, too.
///
/// Source: RFC 3261 §19.3
#[must_use]
pub fn has_tag(value: &[u8]) -> bool {
    value.split(|&byte| byte == b';').skip(1).any(|part| {
        let name = part.split(|&byte| byte == b'=').next().unwrap_or(part);
        name.trim_ascii().eq_ignore_ascii_case(b"tag")
    })
}

/// Whether this is an INVITE out of nothing: within no dialog, and taking the place of none.
///
/// Source: RFC 3261 §12.2 and §13, RFC 3891 (Replaces), RFC 3911 (Join)
#[must_use]
pub fn begins_call(headers: &[u8]) -> bool {
    headers.starts_with(b"INVITE ")
        && to(headers).is_some_and(|value| !has_tag(value))
        && header(headers, b"Replaces", b"Replaces").is_none()
        && header(headers, b"Join", b"Join").is_none()
}

/// Whether a Via header stands here: every message has one, a message quoted in a body rarely.
///
/// Source: RFC 3261 §8.1.1.7, RFC 3420
#[must_use]
pub fn has_via(headers: &[u8]) -> bool {
    header(headers, b"Via", b"v").is_some()
}

/// Offset of the next line that begins a message for certain, `from` excluded unless it is the first byte.
#[must_use]
pub fn next_start(data: &[u8], from: usize) -> Option<usize> {
    if from == 0 && likeness(data) == Likeness::Certain {
        return Some(0);
    }
    let tail = data.get(from..)?;
    memmem::find_iter(tail, b"\n")
        .map(|found| from + found + 1)
        .find(|&at| likeness(&data[at..]) == Likeness::Certain)
}

/// Offset of the next message of a stream that was joined anywhere: a body need not end with a line end, so a start
/// line may follow it on the same line.
#[must_use]
pub fn next_start_anywhere(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(end) = memchr(b'\n', data.get(at..)?) {
        let line = &data[at..=at + end];
        let found = (0..line.len()).find(|&inner| {
            let tail = &line[inner..];
            (inner == 0 || starts_with_version(tail) || begins_with_method(tail))
                && likeness(tail) == Likeness::Certain
        });
        if let Some(inner) = found {
            return Some(at + inner);
        }
        at += end + 1;
    }
    None
}

fn begins_with_method(text: &[u8]) -> bool {
    text[0].is_ascii_uppercase()
        && METHODS
            .iter()
            .any(|method| text.starts_with(method) && text.get(method.len()) == Some(&b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_lines_are_recognised() {
        for line in [
            "INVITE sip:bob@example.org SIP/2.0\r\n",
            "SIP/2.0 200 OK\r\n",
            "SIP/2.0 100 \r\n",
            "SIP/2.0 486\r\n",
            "OPTIONS  sip:x@y  SIP/2.0\r\n",
            "OPTIONS sip:x@y SIP/2.0  \r\n",
            "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure) SIP/2.0\r\n",
            "INVITE tel:+4989 sip/2.0\n",
        ] {
            assert_eq!(likeness(line.as_bytes()), Likeness::Certain, "{line}");
        }
    }

    #[test]
    fn an_invite_out_of_nothing_is_told_from_others() {
        let of = |more: &str| {
            begins_call(format!("INVITE sip:b SIP/2.0\r\nVia: x;tag=1\r\n{more}\r\n").as_bytes())
        };
        for more in [
            "To: <sip:b>\r\n",
            "t: \"tag=1\" <sip:b>\r\n",
            "TO : sip:b;x=tag\r\n",
        ] {
            assert!(of(more), "{more}");
        }
        for more in [
            "",
            "To: <sip:b>;tag=1\r\n",
            "t: <sip:b>;x=y ; TAG = 1\r\n",
            "To: <sip:b>\r\nReplaces: a;to-tag=b;from-tag=c\r\n",
            "To: <sip:b>\r\nJoin: a\r\n",
        ] {
            assert!(!of(more), "{more}");
        }
        assert!(!begins_call(b"ACK sip:b SIP/2.0\r\nTo: <sip:b>\r\n\r\n"));
        assert!(!begins_call(
            b"SIP/2.0 180 x\r\nTo: <sip:b>\r\nCSeq: 1 INVITE\r\n\r\n"
        ));
    }

    #[test]
    fn answers_and_requests_say_what_they_are_about() {
        let answer = b"SIP/2.0 404 Not Found\r\nCSeq:  12 \tINVITE \r\n\r\n";
        assert_eq!(status_code(answer), Some(404));
        assert_eq!(cseq_method(answer), Some(&b"INVITE"[..]));
        for odd in [
            &b"SIP/2.0"[..],
            b"SIP/2.0 4",
            b"SIP/2.0 \xff\xff\xff x",
            b"SIP/2.0 x00",
        ] {
            assert_eq!(status_code(odd), None);
        }
        assert_eq!(status_code(b"ACK sip:b SIP/2.0"), None);
        assert_eq!(method(b"ACK sip:b SIP/2.0"), b"ACK");
        assert_eq!(method(b""), b"");
    }

    #[test]
    fn flawed_start_lines_are_tolerable() {
        for line in [
            "OPTIONS sip:t@example.com SIP/7.0\r\n",
            "SIP/2.0 4294967301 better not break the receiver\r\n",
            "INVITE nobody SIP/2.0\r\n",
            "INVITE sip:bob@example.org\r\n",
            "INVITE sip:bob@exam",
            "SIP/2.0 200 O",
        ] {
            assert_eq!(likeness(line.as_bytes()), Likeness::Tolerable, "{line}");
        }
    }

    #[test]
    fn others_are_not_sip() {
        for data in [
            &b"GET / HTTP/1.1\r\n"[..],
            b"RTSP/1.0 200 OK\r\n",
            b"\r\n\r\n",
            b"",
            b"INVITE\r\n",
            b"INVITE SIP/2.0\r\n",
            b"SIP/2.0\r\n",
            b"hello world, SIP/2.0 it is not\r\n",
            &[0x80, 8, 0, 1],
            b"M-SEARCH * HTTP/1.1\r\n",
        ] {
            assert_eq!(likeness(data), Likeness::No, "{data:?}");
        }
    }

    #[test]
    fn the_end_of_headers_is_found_from_any_place() {
        let data = b"A b SIP/2.0\r\nVia: x\r\n\r\nbody";
        for from in 0..=23 {
            assert_eq!(body_at(data, from), Some(23), "{from}");
        }
        assert_eq!(body_at(b"A\nVia: x\n\nbody", 0), Some(10));
        assert_eq!(body_at(b"A\r\nVia: x\r\n", 0), None);
        assert_eq!(body_at(b"", 9), None);
    }

    #[test]
    fn content_length_is_read_in_every_spelling() {
        for (line, length) in [
            ("Content-Length: 12", Some(12)),
            ("l:12", Some(12)),
            ("L : 12 ", Some(12)),
            ("CONTENT-LENGTH  :\r\n  12", Some(12)),
            ("Content-Length: -1", None),
            ("Content-Length: ", None),
            ("Content-Length: 99999999999999999999999", Some(usize::MAX)),
            ("X-Content-Length: 12", None),
        ] {
            let headers = format!("INVITE sip:a SIP/2.0\r\nVia: x\r\n{line}\r\n\r\n");
            assert_eq!(content_length(headers.as_bytes()), length, "{line}");
        }
    }

    #[test]
    fn what_begins_no_call_is_told_by_its_method_or_by_that_of_its_request() {
        for (message, outside) in [
            ("REGISTER sip:a SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n", true),
            ("SUBSCRIBE sip:a SIP/2.0\r\n\r\n", true),
            ("INVITE sip:a SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n", false),
            ("REGISTERED sip:a SIP/2.0\r\n\r\n", false),
            (
                "SIP/2.0 200 OK\r\nVia: x\r\ncseq : 7  OPTIONS \r\n\r\n",
                true,
            ),
            (
                "SIP/2.0 200 OK\r\nCSeq: 7 INVITE\r\n\r\nCSeq: 7 OPTIONS\r\n",
                false,
            ),
            ("SIP/2.0 200 OK\r\nVia: x\r\n\r\n", false),
            ("REGISTER", false),
            ("", false),
        ] {
            assert_eq!(is_outside_calls(message.as_bytes()), outside, "{message}");
        }
    }

    #[test]
    fn the_next_message_is_found_at_a_line_start_only() {
        let data = b"rest of it SIP/2.0 200 OK\r\nSIP/2.0 200 OK\r\n";
        assert_eq!(next_start(data, 0), Some(27));
        assert_eq!(next_start(b"SIP/2.0 200 OK\r\n", 0), Some(0));
        assert_eq!(next_start(b"nothing\r\nhere\r\n", 0), None);
    }
}
