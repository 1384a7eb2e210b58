//! Two messages in turn by the SHA extensions.
//!
//! Source: FIPS 180-4 §5 and §6.2; Intel, "Intel SHA Extensions" (2013), the order of the instructions

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_extract_epi32, _mm_set_epi32,
    _mm_set_epi64x, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32,
    _mm_shuffle_epi8, _mm_shuffle_epi32,
};

use crate::Hash;

const BLOCK: usize = 64;
/// At once.
const LANES: usize = 2;

/// Source: FIPS 180-4 §5.3.3
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Source: FIPS 180-4 §4.2.2
#[rustfmt::skip]
const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// The digests; none on a processor without the instructions.
pub fn of_each(messages: &[&[u8]]) -> Option<Vec<Hash>> {
    if !(is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1")) {
        return None;
    }
    let mut states = vec![START; messages.len()];
    let mut waiting = messages.iter().enumerate();
    let mut lanes: Vec<Lane<'_>> = Vec::with_capacity(LANES);
    loop {
        while lanes.len() < LANES
            && let Some((number, message)) = waiting.next()
        {
            lanes.push(Lane::new(number, message));
        }
        match lanes.as_mut_slice() {
            [] => break,
            [lane] => {
                let count = lane.blocks().len();
                let mut pair = [states[lane.number]];
                // SAFETY: the processor has the instructions, as was asked above.
                unsafe { compress(&mut pair, [lane.blocks()]) };
                [states[lane.number]] = pair;
                lane.consume(count);
            }
            [one, other, ..] => {
                let count = one.blocks().len().min(other.blocks().len());
                let mut pair = [states[one.number], states[other.number]];
                let blocks = [&one.blocks()[..count], &other.blocks()[..count]];
                // SAFETY: as above.
                unsafe { compress(&mut pair, blocks) };
                [states[one.number], states[other.number]] = pair;
                one.consume(count);
                other.consume(count);
            }
        }
        lanes.retain(|lane| !lane.blocks().is_empty());
    }
    Some(states.iter().map(hash_of).collect())
}

fn hash_of(state: &[u32; 8]) -> Hash {
    let mut hash = Hash::default();
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

/// One message under way: its whole blocks, then the one or two that are filled up.
struct Lane<'a> {
    number: usize,
    body: &'a [[u8; BLOCK]],
    tail: [[u8; BLOCK]; 2],
    /// Of the tail: where it is, and where it ends.
    at: usize,
    end: usize,
}

impl<'a> Lane<'a> {
    /// Source: FIPS 180-4 §5.1.1
    fn new(number: usize, message: &'a [u8]) -> Self {
        let (body, rest) = message.as_chunks::<BLOCK>();
        let mut tail = [[0; BLOCK]; 2];
        tail[0][..rest.len()].copy_from_slice(rest);
        tail[0][rest.len()] = 0x80;
        let end = if rest.len() < BLOCK - 8 { 1 } else { 2 };
        let bits = (message.len() as u64) * 8;
        tail[end - 1][BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        Self {
            number,
            body,
            tail,
            at: 0,
            end,
        }
    }

    /// What can be taken next; nothing at the end.
    fn blocks(&self) -> &[[u8; BLOCK]] {
        if self.body.is_empty() {
            &self.tail[self.at..self.end]
        } else {
            self.body
        }
    }

    fn consume(&mut self, count: usize) {
        if self.body.is_empty() {
            self.at += count;
        } else {
            self.body = &self.body[count..];
        }
    }
}

/// Halves of a state as the instructions want them.
#[derive(Clone, Copy)]
struct Halves {
    abef: __m128i,
    cdgh: __m128i,
}

#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn four(words: &[u32]) -> __m128i {
    _mm_set_epi32(
        words[3] as i32,
        words[2] as i32,
        words[1] as i32,
        words[0] as i32,
    )
}

#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn load(state: &[u32; 8]) -> Halves {
    let cdab = _mm_shuffle_epi32::<0xb1>(four(&state[..4]));
    let efgh = _mm_shuffle_epi32::<0x1b>(four(&state[4..]));
    Halves {
        abef: _mm_alignr_epi8::<8>(cdab, efgh),
        cdgh: _mm_blend_epi16::<0xf0>(efgh, cdab),
    }
}

#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn store(halves: Halves) -> [u32; 8] {
    let feba = _mm_shuffle_epi32::<0x1b>(halves.abef);
    let dchg = _mm_shuffle_epi32::<0xb1>(halves.cdgh);
    let dcba = _mm_blend_epi16::<0xf0>(feba, dchg);
    let hgfe = _mm_alignr_epi8::<8>(dchg, feba);
    [
        _mm_extract_epi32::<0>(dcba) as u32,
        _mm_extract_epi32::<1>(dcba) as u32,
        _mm_extract_epi32::<2>(dcba) as u32,
        _mm_extract_epi32::<3>(dcba) as u32,
        _mm_extract_epi32::<0>(hgfe) as u32,
        _mm_extract_epi32::<1>(hgfe) as u32,
        _mm_extract_epi32::<2>(hgfe) as u32,
        _mm_extract_epi32::<3>(hgfe) as u32,
    ]
}

/// Sixteen bytes as big-endian words.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn words(block: &[u8; BLOCK], quarter: usize) -> __m128i {
    let part = |at: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&block[at..at + 8]);
        i64::from_le_bytes(bytes)
    };
    let order = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let read = _mm_set_epi64x(part(quarter * 16 + 8), part(quarter * 16));
    _mm_shuffle_epi8(read, order)
}

/// The next four words of the message's schedule. Source: FIPS 180-4 §6.2.2, step 1
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn scheduled([oldest, second, third, newest]: [__m128i; 4]) -> __m128i {
    let moved = _mm_add_epi32(
        _mm_sha256msg1_epu32(oldest, second),
        _mm_alignr_epi8::<4>(newest, third),
    );
    _mm_sha256msg2_epu32(moved, newest)
}

/// Four rounds. Source: FIPS 180-4 §6.2.2, step 3
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn rounds(before: Halves, sum: __m128i) -> Halves {
    let cdgh = _mm_sha256rnds2_epu32(before.cdgh, before.abef, sum);
    let rest = _mm_shuffle_epi32::<0x0e>(sum);
    Halves {
        abef: _mm_sha256rnds2_epu32(before.abef, cdgh, rest),
        cdgh,
    }
}

/// Take as many blocks of each lane as the first has, a step of each in turn.
#[expect(
    clippy::needless_range_loop,
    reason = "lanes are gone through side by side, over three arrays at once"
)]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress<const N: usize>(states: &mut [[u32; 8]; N], blocks: [&[[u8; BLOCK]]; N]) {
    let mut now = [Halves {
        abef: _mm_set_epi64x(0, 0),
        cdgh: _mm_set_epi64x(0, 0),
    }; N];
    for lane in 0..N {
        now[lane] = load(&states[lane]);
    }
    for at in 0..blocks[0].len() {
        let before = now;
        let mut schedule = [[_mm_set_epi64x(0, 0); 4]; N];
        for lane in 0..N {
            for quarter in 0..4 {
                schedule[lane][quarter] = words(&blocks[lane][at], quarter);
            }
        }
        for (sixteen, constants) in K.chunks_exact(16).enumerate() {
            for (step, constants) in constants.chunks_exact(4).enumerate() {
                let constants = four(constants);
                for lane in 0..N {
                    let w = &mut schedule[lane];
                    if sixteen > 0 {
                        w[step] = scheduled([0, 1, 2, 3].map(|back| w[(step + back) % 4]));
                    }
                    now[lane] = rounds(now[lane], _mm_add_epi32(w[step], constants));
                }
            }
        }
        for lane in 0..N {
            now[lane].abef = _mm_add_epi32(now[lane].abef, before[lane].abef);
            now[lane].cdgh = _mm_add_epi32(now[lane].cdgh, before[lane].cdgh);
        }
    }
    for lane in 0..N {
        states[lane] = store(now[lane]);
    }
}
