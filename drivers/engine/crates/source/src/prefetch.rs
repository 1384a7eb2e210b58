//! Ask the processor to bring memory nearer before it is needed.

/// Bytes that come together. Units: bytes.
pub const LINE: usize = 64;

/// Bring the cache line at this address nearer, to be read or written soon. Any address will do, it is only a hint.
#[inline]
pub fn line<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction reads nothing and never faults, whatever the address; SSE belongs to the architecture.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast::<i8>());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// The same for every line of a value.
#[inline]
pub fn value<T>(value: &T) {
    let at = std::ptr::from_ref(value).cast::<u8>();
    for offset in (0..size_of::<T>()).step_by(LINE) {
        line(at.wrapping_add(offset));
    }
    line(at.wrapping_add(size_of::<T>().saturating_sub(1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_address_will_do() {
        line(std::ptr::null::<u8>());
        line(usize::MAX as *const u8);
        value(&[0_u8; 1000]);
        value(&());
    }
}
