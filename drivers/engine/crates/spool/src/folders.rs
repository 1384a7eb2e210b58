//! Files beside media files, for many bundles at once.
//!
//! What Python would ask of the disk in ten calls a bundle, each of which waits for the interpreter's lock again, is
//! one call for all of them here.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Write `<folder>/<bundle>/<name>` of each bundle. Folders that are missing are made when `makes` says so. One answer for
/// each, in order.
///
/// A new file is there whole or not at all. One that is there already is overwritten with a single call and, where it was
/// longer, followed by blanks: a rename over it would make ext4 write it to the disk at once, thirty times the price. Who
/// comes after a crash has to bear that a file of several pages holds parts of both.
pub fn put_all<N: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    name: &str,
    contents: &[(N, C)],
    makes: bool,
) -> Vec<io::Result<()>> {
    let temporary = format!(".{name}.{}.tmp", std::process::id());
    let put = |(bundle, content): &(N, C)| {
        let own = folder.join(bundle.as_ref());
        match overwrite(&own.join(name), content.as_ref()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        let part = own.join(&temporary);
        let written = match fs::write(&part, content) {
            Err(error) if makes && error.kind() == io::ErrorKind::NotFound => {
                make(&own).and_then(|()| fs::write(&part, content))
            }
            other => other,
        };
        written
            .and_then(|()| fs::rename(&part, own.join(name)))
            .inspect_err(|_| {
                // What is half written is of no use to anybody.
                let _ = fs::remove_file(&part);
            })
    };
    contents.iter().map(put).collect()
}

/// Make a bundle's folder, unless somebody else was faster.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn overwrite(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    let before = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    if before <= content.len() {
        return file.write_all(content);
    }
    let mut padded = Vec::with_capacity(before);
    padded.extend_from_slice(content);
    padded.resize(before, b' ');
    file.write_all(&padded)
}

/// Rename bundles from one folder into another. One answer for each, in order.
pub fn move_all<N: AsRef<str>>(from: &Path, to: &Path, bundles: &[N]) -> Vec<io::Result<()>> {
    let names = bundles.iter().map(AsRef::as_ref);
    names
        .map(|name| fs::rename(from.join(name), to.join(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut found: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        found
    }

    #[test]
    fn contents_are_replaced_whole_and_what_is_refused_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("one")).unwrap();
        fs::write(folder.path().join("two"), b"in the way").unwrap();
        let contents = [("one", "1"), ("two", "2"), ("three", "3")];
        let made = put_all(folder.path(), "facts", &contents, true);
        assert_eq!(
            made.iter().map(Result::is_ok).collect::<Vec<_>>(),
            [true, false, true]
        );
        assert!(put_all(folder.path(), "facts", &[("one", "more")], false)[0].is_ok());
        let read = |name: &str| fs::read_to_string(folder.path().join(name).join("facts")).unwrap();
        assert_eq!((read("one"), read("three")), ("more".into(), "3".into()));
        assert_eq!(names(&folder.path().join("one")), ["facts"]);
        assert!(put_all(folder.path(), "facts", &[("one", "2")], true)[0].is_ok());
        assert_eq!(read("one"), "2   ");
    }

    #[test]
    fn no_folder_is_made_for_a_bundle_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let refused = put_all(folder.path(), "facts", &[("gone", "1")], false);
        assert_eq!(
            refused[0].as_ref().unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn bundles_are_moved_and_what_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("one")).unwrap();
        fs::create_dir(&to).unwrap();
        let moved = move_all(&from, &to, &["one", "gone"]);
        assert!(moved[0].is_ok());
        assert!(moved[1].is_err());
        assert_eq!(names(&to), ["one"]);
    }
}
