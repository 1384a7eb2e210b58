//! Addresses that a SIP message announces for media, before anybody has bound them.
//!
//! This is no SDP parser: it reads `c=` and `m=` lines, so that the next call's first words are held while signalling is
//! still on its way through the poll, although its port belongs to the last call.
//!
//! Source: RFC 8866 §5.7, §5.14

use wire::{Address, Endpoint, sip};

/// Media lines that are read; more are no call.
const MAX_MEDIA: usize = 32;

/// Where the description in a message wants its media.
pub(crate) fn endpoints(message: &[u8]) -> Vec<Endpoint> {
    let Some(body) = sip::body_at(message, 0).and_then(|at| message.get(at..)) else {
        return Vec::new();
    };
    let mut session: Option<Address> = None;
    let mut media: Vec<(u16, Option<Address>)> = Vec::new();
    for line in body.split(|&byte| byte == b'\n') {
        match line {
            [b'c', b'=', rest @ ..] => {
                let address = connection(rest);
                match media.last_mut() {
                    Some((_, own)) => *own = address,
                    None => session = address,
                }
            }
            [b'm', b'=', rest @ ..] if media.len() < MAX_MEDIA => {
                media.push((port(rest).unwrap_or(0), None));
            }
            _ => {}
        }
    }
    media
        .into_iter()
        .filter(|(port, _)| *port != 0)
        .filter_map(|(port, own)| Some(Endpoint::new(own.or(session)?, port)))
        .collect()
}

/// `IN IP4 224.2.1.1/127`
fn connection(value: &[u8]) -> Option<Address> {
    let text = std::str::from_utf8(value).ok()?;
    let address = text.split_ascii_whitespace().nth(2)?;
    let address = address.split_once('/').map_or(address, |(bare, _)| bare);
    address.parse().ok()
}

/// `audio 49170/2 RTP/AVP 31`
fn port(value: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(value).ok()?;
    let port = text.split_ascii_whitespace().nth(1)?;
    let port = port.split_once('/').map_or(port, |(bare, _)| bare);
    port.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Vec<String> {
        let message = format!("INVITE sip:b SIP/2.0\r\nVia: x\r\n\r\n{body}");
        let found = endpoints(message.as_bytes());
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_stream_has_its_own_address_or_the_sessions() {
        assert_eq!(
            of(
                "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000/2 RTP/AVP 8\r\nm=video 0 RTP/AVP 99\r\nm=image 4004 udptl t38\r\nc=IN IP6 2001:db8::1\r\n"
            ),
            ["10.0.0.1:4000", "[2001:db8::1]:4004"]
        );
        assert_eq!(
            of("c=IN IP4 224.2.1.1/127\nm=audio 4000 RTP/AVP 8\n"),
            ["224.2.1.1:4000"]
        );
    }

    #[test]
    fn what_names_no_address_announces_none() {
        for body in [
            "",
            "m=audio 4000 RTP/AVP 8\r\n",
            "c=IN IP4 phone.example\r\nm=audio 4000 RTP/AVP 8\r\n",
            "c=IN\r\nm=audio\r\n",
            "c=IN IP4 10.0.0.1\r\nm=audio 99999 RTP/AVP 8\r\n",
        ] {
            assert!(of(body).is_empty(), "{body}");
        }
        assert!(endpoints(b"c=IN IP4 10.0.0.1\r\n").is_empty());
    }
}
