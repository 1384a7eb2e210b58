//! A small blind mutator, the same on every machine for the same seed.

/// Values at which lengths, counts and offsets break.
const EDGES: [u8; 10] = [0, 1, 2, 4, 0x7f, 0x80, 0xbf, 0xc8, 0xfe, 0xff];

/// Longest input that is made.
const MAX_BYTES: usize = 16_384;

/// Source: Marsaglia, Xorshift RNGs (2003), with the multiplier of Vigna's xorshift64*
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Any seed will do.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        if limit == 0 {
            0
        } else {
            (self.bits() >> 16) as usize % limit
        }
    }
}

/// One to eight changes to one of `seeds`.
pub fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut data = seeds
        .get(random.below(seeds.len()))
        .cloned()
        .unwrap_or_default();
    for _ in 0..=random.below(8) {
        change(&mut data, seeds, random);
    }
    data.truncate(MAX_BYTES);
    data
}

fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(data.len());
    let most = 1 + random.below(64);
    let length = 1 + random.below(most);
    let end = (at + length).min(data.len());
    match random.below(9) {
        0 => data.truncate(at),
        1 => drop(data.drain(at..end)),
        2 => {
            let copy = data[at..end].to_vec();
            let to = random.below(data.len() + 1);
            data.splice(to..to, copy);
        }
        3 => {
            let noise: Vec<u8> = (0..length).map(|_| random.bits() as u8).collect();
            data.splice(at..at, noise);
        }
        4 => {
            let Some(other) = seeds.get(random.below(seeds.len())) else {
                return;
            };
            let from = random.below(other.len());
            let to = (from + length * 8).min(other.len());
            data.splice(at..end, other[from..to].iter().copied());
        }
        5 | 6 => {
            for byte in &mut data[at..end.min(at + 4)] {
                *byte = EDGES[random.below(EDGES.len())];
            }
        }
        7 => {
            for byte in &mut data[at..end.min(at + 1)] {
                *byte ^= 1 << random.below(8);
            }
        }
        _ => {
            for byte in &mut data[at..end.min(at + 1)] {
                *byte = random.bits() as u8;
            }
        }
    }
}
