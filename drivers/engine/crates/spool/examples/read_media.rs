//! How long `read_media` takes: `cargo run --release -p spool --example read_media -- FILE [ROUNDS]`.

use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("which file?")?);
    let rounds: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let mut times: Vec<f64> = Vec::with_capacity(rounds);
    let mut bytes = 0;
    for _ in 0..rounds.max(1) {
        let start = Instant::now();
        let (header, blob) = spool::reader::read_media(&path)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        bytes = header.len() + blob.len();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{bytes} bytes out, ms: best {:.3} median {:.3}",
        times[0],
        times[times.len() / 2]
    );
    Ok(())
}
