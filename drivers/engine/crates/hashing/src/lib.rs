//! SHA-256 of several messages, two of them at a time.
//!
//! A processor's SHA instructions answer after four cycles and take a new order after two: one message keeps them waiting
//! half of the time, because each of its steps needs the one before. Two messages in turn fill them. Where there are no
//! such instructions it is one after the other, by the same crate that everything else uses.
#![deny(unsafe_code)]

use sha2::{Digest, Sha256};

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "instructions that not every processor of this architecture has"
)]
mod x86;

/// A digest.
pub type Hash = [u8; 32];

/// The digests of messages, in their order. It is fastest when a long one stands before as much of short ones.
#[must_use]
pub fn sha256_of_each(messages: &[&[u8]]) -> Vec<Hash> {
    #[cfg(target_arch = "x86_64")]
    if let Some(found) = x86::of_each(messages) {
        return found;
    }
    messages.iter().map(|message| sha256(message)).collect()
}

/// The digest of one message.
#[must_use]
pub fn sha256(message: &[u8]) -> Hash {
    Sha256::digest(message).into()
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(hash: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    hash.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        // Source: FIPS 180-4, examples published with it
        let found = sha256_of_each(&[b"abc", b""]);
        assert_eq!(
            hex(&found[0]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&found[1]),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert!(sha256_of_each(&[]).is_empty());
    }

    #[test]
    fn every_length_around_a_block() {
        let bytes: Vec<u8> = (0..300u16).map(|at| at as u8).collect();
        for length in 0..bytes.len() {
            let (one, other) = (&bytes[..length], &bytes[length..]);
            let found = sha256_of_each(&[one, other, one]);
            let expected = [one, other, one].map(|message| Hash::from(Sha256::digest(message)));
            assert_eq!(found, expected, "{length}");
        }
    }

    proptest! {
        #[test]
        fn messages_in_turn_have_the_digests_of_each_alone(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..1000), 0..6)
        ) {
            let all: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
            let expected: Vec<Hash> = all.iter().map(|message| Sha256::digest(message).into()).collect();
            prop_assert_eq!(sha256_of_each(&all), expected);
        }
    }
}
