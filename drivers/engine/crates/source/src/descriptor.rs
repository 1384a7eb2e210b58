//! File descriptors handed over by number.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

/// A duplicate of the descriptor `fd`, which stays the caller's.
pub fn duplicate(fd: RawFd) -> io::Result<OwnedFd> {
    if fd < 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: only -1 is no valid value of the type. A number that is not open makes the system call fail with EBADF,
    // and the borrow ends with this statement.
    unsafe { BorrowedFd::borrow_raw(fd) }.try_clone_to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    #[test]
    fn a_duplicate_outlives_its_original() {
        let file = tempfile::tempfile().unwrap();
        let copy = duplicate(file.as_raw_fd()).unwrap();
        drop(file);
        assert_eq!(std::fs::File::from(copy).metadata().unwrap().len(), 0);
    }

    #[test]
    fn numbers_that_are_not_open_are_refused() {
        assert!(duplicate(-1).is_err());
        assert!(duplicate(1_000_000).is_err());
    }
}
