//! Each target for a short while, on stable Rust. Environment: `FUZZ_SEED` repeats a run, `FUZZ_RUNS` sets its length.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

use targets::mutate::{Random, mutated};
use targets::{ALL, Target, kept};

const RUNS: u64 = 50_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seed() -> u64 {
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(1, |since| u64::from(since.subsec_nanos()))
    };
    number("FUZZ_SEED").unwrap_or_else(now)
}

/// The first input that `target` does not survive.
fn fuzz(target: &Target, seed: u64, runs: u64) -> Result<(), Vec<u8>> {
    let mut seeds = (target.seeds)();
    seeds.extend(kept(target.name));
    let mut random = Random::new(seed);
    let survives = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_ok();
    for input in &seeds {
        if !survives(input) {
            return Err(input.clone());
        }
    }
    for _ in 0..runs {
        let input = mutated(&seeds, &mut random);
        if !survives(&input) {
            return Err(input);
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn short_run(name: &str) {
    let Some(target) = ALL.iter().find(|target| target.name == name) else {
        panic!("no target is called {name}");
    };
    let (seed, runs) = (seed(), number("FUZZ_RUNS").unwrap_or(RUNS));
    println!("{name}: FUZZ_SEED={seed} FUZZ_RUNS={runs}");
    if let Err(input) = fuzz(target, seed, runs) {
        panic!(
            "{name} does not survive (FUZZ_SEED={seed}): {}",
            hex(&input)
        );
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            short_run(stringify!($name));
        })*

        #[test]
        fn every_target_has_its_short_run() {
            assert_eq!(ALL.map(|target| target.name), [$(stringify!($name)),*]);
        }
    };
}

targets!(frame fragments sip tcp capture rtp rtcp event media);

#[test]
fn a_planted_mistake_is_found_and_repeats_with_its_seed() {
    let planted = Target {
        name: "planted",
        run: |data| assert!(data.len() < 4 || data[3] != 0xbf),
        seeds: || vec![vec![0; 64]],
    };
    let found = fuzz(&planted, 1, 100_000).expect_err("found");
    assert_eq!(found[3], 0xbf);
    assert_eq!(fuzz(&planted, 1, 100_000), Err(found));
}

#[test]
#[ignore = "writes files: the seeds for cargo-fuzz"]
fn seeds_are_written_for_cargo_fuzz() {
    for target in &ALL {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../corpus")
            .join(target.name);
        std::fs::create_dir_all(&folder).expect("writable");
        let seeds = (target.seeds)().into_iter().chain(kept(target.name));
        for (index, seed) in seeds.enumerate() {
            std::fs::write(folder.join(format!("seed-{index}")), seed).expect("writable");
        }
    }
}

#[test]
fn every_parser_has_inputs_that_were_found_with_coverage() {
    for target in &ALL {
        assert!(
            kept(target.name).len() > 20,
            "{}: `python -m tests.rigs.fuzz --keep`",
            target.name
        );
    }
}

/// Mutations of inputs that no parser accepts would try nothing.
#[test]
fn seeds_are_what_their_parsers_accept() {
    for seed in targets::seeds::captures() {
        let mut file =
            source::CaptureFile::read(Box::new(std::io::Cursor::new(seed))).expect("a capture");
        let mut datagrams = 0;
        while file.advance().expect("undamaged") {
            let frame = file.frame();
            let link = frame.link.expect("a link that is read");
            datagrams += usize::from(wire::Datagram::parse(link, frame.data).is_ok());
        }
        assert_eq!((datagrams, file.truncated()), (25, false));
    }
    let media = targets::seeds::captures()
        .into_iter()
        .filter(|seed| spool::reader::Media::parse(seed.clone()).is_ok());
    assert_eq!(media.count(), 2);
    for seed in targets::seeds::compounds() {
        assert!(rtp::rtcp::packets(&seed).all(|packet| packet.is_ok()));
    }
    for seed in targets::seeds::messages().iter().take(2) {
        assert_eq!(wire::sip::likeness(seed), wire::sip::Likeness::Certain);
    }
}
