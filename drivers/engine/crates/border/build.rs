//! Stamps the module with a hash of every source it is built from, so that a stale build can be told from a fresh one.
//!
//! The same rule stands in `python/capture_engine/__init__.py`: relative paths in byte order, each followed by its
//! contents, all prefixed by their lengths.
#![expect(
    clippy::expect_used,
    reason = "a build that cannot read its sources must stop"
)]

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder of sources is readable");
    for entry in entries {
        let path = entry.expect("a folder of sources is readable").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "toml")
        {
            found.push(path);
        }
    }
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    collect(&root.join("crates"), &mut paths);
    let mut named: Vec<(String, PathBuf)> = paths
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .expect("sources lie in the workspace");
            (
                name.to_str().expect("source names are text").to_owned(),
                path,
            )
        })
        .collect();
    named.sort();
    let mut hash = Sha256::new();
    for (name, path) in named {
        let bytes = fs::read(&path).expect("a source is readable");
        for part in [name.as_bytes(), &bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    println!("cargo::rustc-env=SOURCE_HASH={:x}", hash.finalize());
    println!("cargo::rerun-if-changed={}", root.join("crates").display());
    println!(
        "cargo::rerun-if-changed={}",
        root.join("Cargo.toml").display()
    );
    println!(
        "cargo::rerun-if-changed={}",
        root.join("Cargo.lock").display()
    );
}
