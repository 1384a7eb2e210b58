//! The `AF_PACKET` ring: blocks of frames that the kernel writes and we read in place.
//!
//! Surprising: an interface that goes down stays bound and comes back by itself; one that is removed and made again
//! (a USB card, a veth pair) is another interface, and the ring must be opened anew: [`Ring::is_same_interface`].
//!
//! Source: Linux, `Documentation/networking/packet_mmap.rst` (`TPACKET_V3`), packet(7)

use std::ffi::CString;
use std::io;
use std::mem::{offset_of, size_of};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use libc::{c_int, c_short, c_ulong, c_void, socklen_t};
use wire::Link;

use crate::{Frame, SourceError};

/// A block that is not full is handed over after this. Units: milliseconds.
///
/// On a quiet port a ring holds no more than its number of blocks times this, however large it is: with 256 blocks a
/// program that is not let run for twelve seconds loses nothing.
const RETIRE_MS: u32 = 50;
/// Frames that are handed over together.
pub const TOGETHER: usize = 32;
/// The kernel only checks that blocks hold a whole number of these; frames in them have any length.
const FRAME_BYTES: usize = 2048;

/// What a ring looks like.
#[derive(Debug, Clone)]
pub struct RingConfig {
    /// Name of the interface.
    pub interface: String,
    /// Memory of this ring; rounded down to whole blocks.
    pub ring_bytes: usize,
    /// A power of two of at least a page.
    pub block_bytes: usize,
    /// Share the interface's packets with the other rings of this group, both directions of a call to one ring.
    pub fanout_group: Option<u16>,
}

/// What the kernel counted since it was asked last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KernelCounts {
    /// Packets that reached the socket, dropped ones among them.
    pub received: u64,
    /// Packets that found no room in the ring.
    pub drops: u64,
    /// Times that the ring was full.
    pub freezes: u64,
}

/// One socket with its ring.
#[derive(Debug)]
pub struct Ring {
    socket: OwnedFd,
    memory: NonNull<u8>,
    bytes: usize,
    block_bytes: usize,
    block_count: usize,
    next: usize,
    link: Link,
    interface: CString,
    index: c_int,
}

// SAFETY: the mapping belongs to this value alone and is reached through `&mut self` only.
unsafe impl Send for Ring {}

fn check(result: c_int, doing: &'static str) -> Result<c_int, SourceError> {
    if result < 0 {
        Err(SourceError::Io {
            doing,
            error: io::Error::last_os_error(),
        })
    } else {
        Ok(result)
    }
}

fn set_option<T>(
    socket: &OwnedFd,
    level: c_int,
    name: c_int,
    value: &T,
    doing: &'static str,
) -> Result<(), SourceError> {
    // SAFETY: the pointer and the length describe `value`, which the kernel only reads.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            name,
            ptr::from_ref(value).cast::<c_void>(),
            size_of::<T>() as socklen_t,
        )
    };
    check(result, doing).map(drop)
}

/// Ask the kernel about an interface by name.
fn ask(socket: &OwnedFd, interface: &CString, request: c_ulong) -> io::Result<libc::ifreq> {
    // SAFETY: all bytes zero is a valid value of this plain structure.
    let mut question: libc::ifreq = unsafe { std::mem::zeroed() };
    let name = interface.as_bytes();
    if name.len() >= question.ifr_name.len() {
        return Err(io::Error::from_raw_os_error(libc::ENODEV));
    }
    for (to, from) in question.ifr_name.iter_mut().zip(name) {
        *to = from.cast_signed();
    }
    // SAFETY: the requests used here read the name and write the union of an `ifreq`, which outlives the call.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), request as _, &raw mut question) };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(question)
    }
}

fn index_of(socket: &OwnedFd, interface: &CString) -> io::Result<c_int> {
    let answer = ask(socket, interface, libc::SIOCGIFINDEX)?;
    // SAFETY: SIOCGIFINDEX has written this member of the union.
    Ok(unsafe { answer.ifr_ifru.ifru_ifindex })
}

fn flags_of(socket: &OwnedFd, interface: &CString) -> io::Result<c_int> {
    let answer = ask(socket, interface, libc::SIOCGIFFLAGS)?;
    // SAFETY: SIOCGIFFLAGS has written this member of the union.
    Ok(c_int::from(unsafe { answer.ifr_ifru.ifru_flags }))
}

/// Source: `ARPHRD_` numbers of `linux/if_arp.h`
fn link_of(socket: &OwnedFd, interface: &CString) -> Result<Link, SourceError> {
    let answer = ask(socket, interface, libc::SIOCGIFHWADDR)
        .map_err(SourceError::io("find the interface"))?;
    // SAFETY: SIOCGIFHWADDR has written this member of the union.
    let family = unsafe { answer.ifr_ifru.ifru_hwaddr.sa_family };
    match family {
        libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK => Ok(Link::Ethernet),
        libc::ARPHRD_NONE | libc::ARPHRD_PPP | libc::ARPHRD_TUNNEL | libc::ARPHRD_TUNNEL6 => {
            Ok(Link::Raw)
        }
        other => Err(SourceError::LinkType(u32::from(other))),
    }
}

impl Ring {
    /// Open a ring; needs `CAP_NET_RAW`. Packets come from this moment on.
    pub fn open(config: &RingConfig) -> Result<Self, SourceError> {
        let page = page_bytes();
        let block_count = config.ring_bytes / config.block_bytes.max(1);
        if !config.block_bytes.is_power_of_two() || config.block_bytes < page.max(FRAME_BYTES) {
            return Err(SourceError::Shape(
                "block_bytes must be a power of two of at least a page",
            ));
        }
        if block_count < 2 || u32::try_from(config.ring_bytes).is_err() {
            return Err(SourceError::Shape("ring_bytes must be two blocks to 4 GiB"));
        }
        let interface = CString::new(config.interface.as_bytes())
            .map_err(|_| SourceError::Shape("the interface's name holds a zero byte"))?;
        // Protocol 0: nothing arrives before everything is set up.
        // SAFETY: no pointers are involved; the result is checked before it becomes an owned descriptor.
        let socket = unsafe {
            let fd = check(
                libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0),
                "open a packet socket",
            )?;
            OwnedFd::from_raw_fd(fd)
        };
        let index = index_of(&socket, &interface).map_err(SourceError::io("find the interface"))?;
        let flags = flags_of(&socket, &interface).map_err(SourceError::io("find the interface"))?;
        let link = link_of(&socket, &interface)?;
        let version = libc::tpacket_versions::TPACKET_V3 as c_int;
        set_option(
            &socket,
            libc::SOL_PACKET,
            libc::PACKET_VERSION,
            &version,
            "choose TPACKET_V3",
        )?;
        if flags & libc::IFF_LOOPBACK != 0 {
            // Every packet passes the loopback twice.
            set_option(
                &socket,
                libc::SOL_PACKET,
                libc::PACKET_IGNORE_OUTGOING,
                &1,
                "ignore outgoing packets",
            )?;
        }
        let bytes = block_count * config.block_bytes;
        let request = libc::tpacket_req3 {
            tp_block_size: config.block_bytes as u32,
            tp_block_nr: block_count as u32,
            tp_frame_size: FRAME_BYTES as u32,
            tp_frame_nr: (bytes / FRAME_BYTES) as u32,
            tp_retire_blk_tov: RETIRE_MS,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        set_option(
            &socket,
            libc::SOL_PACKET,
            libc::PACKET_RX_RING,
            &request,
            "make the ring",
        )?;
        // SAFETY: a new mapping at an address of the kernel's choice, of the size just asked for.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                socket.as_raw_fd(),
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(SourceError::Io {
                doing: "map the ring",
                error: io::Error::last_os_error(),
            });
        }
        let memory = NonNull::new(memory.cast::<u8>())
            .ok_or(SourceError::Shape("the kernel mapped nothing"))?;
        let ring = Self {
            socket,
            memory,
            bytes,
            block_bytes: config.block_bytes,
            block_count,
            next: 0,
            link,
            interface,
            index,
        };
        ring.listen(config.fanout_group)?;
        Ok(ring)
    }

    fn listen(&self, fanout_group: Option<u16>) -> Result<(), SourceError> {
        let membership = libc::packet_mreq {
            mr_ifindex: self.index,
            mr_type: libc::PACKET_MR_PROMISC as u16,
            mr_alen: 0,
            mr_address: [0; 8],
        };
        set_option(
            &self.socket,
            libc::SOL_PACKET,
            libc::PACKET_ADD_MEMBERSHIP,
            &membership,
            "make the interface promiscuous",
        )?;
        let address = libc::sockaddr_ll {
            sll_family: libc::AF_PACKET as u16,
            sll_protocol: (libc::ETH_P_ALL as u16).to_be(),
            sll_ifindex: self.index,
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        // SAFETY: the pointer and the length describe `address`, which the kernel only reads.
        let result = unsafe {
            libc::bind(
                self.socket.as_raw_fd(),
                (&raw const address).cast::<libc::sockaddr>(),
                size_of::<libc::sockaddr_ll>() as socklen_t,
            )
        };
        check(result, "listen on the interface")?;
        if let Some(group) = fanout_group {
            // Fragments of one packet go to one ring, too.
            let kind = libc::PACKET_FANOUT_HASH | libc::PACKET_FANOUT_FLAG_DEFRAG;
            let value = u32::from(group) | kind << 16;
            set_option(
                &self.socket,
                libc::SOL_PACKET,
                libc::PACKET_FANOUT,
                &value,
                "join the fan-out group",
            )?;
        }
        Ok(())
    }

    /// Wait until a block is ready. False when none came in time, or the interface is down.
    pub fn wait(&mut self, timeout_ms: c_int) -> Result<bool, SourceError> {
        if self.is_ready() {
            return Ok(true);
        }
        let mut poll = libc::pollfd {
            fd: self.socket.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one valid structure that outlives the call.
        let result = unsafe { libc::poll(&raw mut poll, 1, timeout_ms) };
        if result < 0 {
            let error = io::Error::last_os_error();
            if error.kind() == io::ErrorKind::Interrupted {
                return Ok(false);
            }
            return Err(SourceError::Io {
                doing: "wait for packets",
                error,
            });
        }
        if poll.revents & (libc::POLLERR as c_short) != 0 {
            self.take_error();
            return Ok(self.is_ready());
        }
        Ok(self.is_ready())
    }

    /// Reading the pending error (the interface went down) clears it; otherwise `poll` would return at once for ever.
    fn take_error(&self) {
        let mut error: c_int = 0;
        let mut length = size_of::<c_int>() as socklen_t;
        // SAFETY: both pointers lead to values that outlive the call, the length is that of the first.
        unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_ERROR,
                (&raw mut error).cast::<c_void>(),
                &raw mut length,
            );
        }
    }

    #[expect(
        clippy::cast_ptr_alignment,
        reason = "blocks begin at pages, the word at a multiple of four in them"
    )]
    fn status(&self) -> &AtomicU32 {
        let at = self.next * self.block_bytes
            + offset_of!(libc::tpacket_block_desc, hdr)
            + offset_of!(libc::tpacket_hdr_v1, block_status);
        // SAFETY: `next` is below `block_count`, so the word lies inside the mapping, which lives as long as `self`; it
        // is aligned because blocks are, and it is shared with the kernel by atomic access only.
        unsafe { &*self.memory.as_ptr().add(at).cast::<AtomicU32>() }
    }

    fn is_ready(&self) -> bool {
        self.status().load(Ordering::Acquire) & libc::TP_STATUS_USER != 0
    }

    /// Hand the frames of the next ready block to `take`, at most [`TOGETHER`] at once, then give the block back. False
    /// when none is ready.
    pub fn block(&mut self, mut take: impl FnMut(&[Frame<'_>])) -> bool {
        if !self.is_ready() {
            return false;
        }
        // SAFETY: the kernel has handed this block over and does not touch it until its status is set back, which
        // happens after the last use of the slice.
        let block = unsafe {
            std::slice::from_raw_parts(
                self.memory.as_ptr().add(self.next * self.block_bytes),
                self.block_bytes,
            )
        };
        let header = offset_of!(libc::tpacket_block_desc, hdr);
        let count = word(block, header + offset_of!(libc::tpacket_hdr_v1, num_pkts));
        let mut at = word(
            block,
            header + offset_of!(libc::tpacket_hdr_v1, offset_to_first_pkt),
        ) as usize;
        let mut frames = [Frame {
            at_ns: 0,
            link: None,
            data: &[],
            original: 0,
            vlan: None,
        }; TOGETHER];
        let mut waiting = 0;
        for _ in 0..count {
            let Some(packet) = block
                .get(at..)
                .filter(|rest| rest.len() >= size_of::<libc::tpacket3_hdr>())
            else {
                break;
            };
            let field = |offset| word(packet, offset);
            let mac = offset_of!(libc::tpacket3_hdr, tp_mac);
            let mac = usize::from(u16::from_ne_bytes([packet[mac], packet[mac + 1]]));
            let captured = field(offset_of!(libc::tpacket3_hdr, tp_snaplen)) as usize;
            let variant = offset_of!(libc::tpacket3_hdr, hv1);
            let tag = field(variant + offset_of!(libc::tpacket_hdr_variant1, tp_vlan_tci));
            let status = field(offset_of!(libc::tpacket3_hdr, tp_status));
            if let Some(data) = packet.get(mac..mac + captured) {
                frames[waiting] = Frame {
                    at_ns: u64::from(field(offset_of!(libc::tpacket3_hdr, tp_sec))) * 1_000_000_000
                        + u64::from(field(offset_of!(libc::tpacket3_hdr, tp_nsec))),
                    link: Some(self.link),
                    data,
                    original: field(offset_of!(libc::tpacket3_hdr, tp_len)),
                    vlan: (status & libc::TP_STATUS_VLAN_VALID != 0).then_some(tag as u16 & 0x0fff),
                };
                waiting += 1;
                if waiting == TOGETHER {
                    take(&frames);
                    waiting = 0;
                }
            }
            match field(offset_of!(libc::tpacket3_hdr, tp_next_offset)) {
                0 => break,
                step => at += step as usize,
            }
        }
        if waiting > 0 {
            take(&frames[..waiting]);
        }
        self.status()
            .store(libc::TP_STATUS_KERNEL, Ordering::Release);
        self.next = (self.next + 1) % self.block_count;
        true
    }

    /// What the kernel counted since the last call.
    pub fn kernel_counts(&self) -> Result<KernelCounts, SourceError> {
        let mut counts = libc::tpacket_stats_v3 {
            tp_packets: 0,
            tp_drops: 0,
            tp_freeze_q_cnt: 0,
        };
        let mut length = size_of::<libc::tpacket_stats_v3>() as socklen_t;
        // SAFETY: both pointers lead to values that outlive the call, the length is that of the first.
        let result = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                (&raw mut counts).cast::<c_void>(),
                &raw mut length,
            )
        };
        check(result, "read the ring's statistics")?;
        Ok(KernelCounts {
            received: u64::from(counts.tp_packets),
            drops: u64::from(counts.tp_drops),
            freezes: u64::from(counts.tp_freeze_q_cnt),
        })
    }

    /// The interface is up and has a carrier.
    #[must_use]
    pub fn is_up(&self) -> bool {
        let wanted = libc::IFF_UP | libc::IFF_RUNNING;
        flags_of(&self.socket, &self.interface).is_ok_and(|flags| flags & wanted == wanted)
    }

    /// The name still belongs to the interface that the ring listens on.
    #[must_use]
    pub fn is_same_interface(&self) -> bool {
        index_of(&self.socket, &self.interface).is_ok_and(|index| index == self.index)
    }
}

/// Let the calling thread, and no other one of its process, go before others. Needs `CAP_SYS_NICE`.
///
/// Source: setpriority(2), "C library/kernel differences": in Linux the priority is each thread's own
pub fn come_first(niceness: c_int) -> io::Result<()> {
    // SAFETY: no pointers are involved; 0 stands for the calling thread.
    let result = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, niceness) };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: the mapping was made with this address and size, and nothing refers to it any more.
        unsafe {
            libc::munmap(self.memory.as_ptr().cast::<c_void>(), self.bytes);
        }
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn page_bytes() -> usize {
    // SAFETY: no pointers are involved.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> RingConfig {
        RingConfig {
            interface: "lo".into(),
            ring_bytes: 1 << 20,
            block_bytes: 1 << 16,
            fanout_group: None,
        }
    }

    #[test]
    fn impossible_shapes_are_refused_before_the_kernel_is_asked() {
        for (ring_bytes, block_bytes) in [
            (1 << 20, 0),
            (1 << 20, 100),
            (1 << 20, 3 << 15),
            (1 << 16, 1 << 16),
            (0, 1 << 16),
        ] {
            let refused = Ring::open(&RingConfig {
                ring_bytes,
                block_bytes,
                ..config()
            });
            assert!(matches!(refused, Err(SourceError::Shape(_))));
        }
        let refused = Ring::open(&RingConfig {
            interface: "l\0o".into(),
            ..config()
        });
        assert!(matches!(refused, Err(SourceError::Shape(_))));
    }

    #[test]
    fn packets_of_the_loopback_are_seen_once_each() {
        let mut ring = match Ring::open(&config()) {
            Ok(ring) => ring,
            // An unprivileged user has no packet sockets; nothing can be tried then.
            Err(SourceError::Io { error, .. })
                if error.kind() == io::ErrorKind::PermissionDenied =>
            {
                return;
            }
            Err(error) => panic!("{error}"),
        };
        assert!(ring.is_up() && ring.is_same_interface());
        let receiver = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let from = sender.local_addr().unwrap().port().to_be_bytes();
        for number in 0..100u8 {
            sender
                .send_to(&[number; 33], receiver.local_addr().unwrap())
                .unwrap();
        }
        let mut seen = Vec::new();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while seen.len() < 100 && std::time::Instant::now() < deadline {
            if ring.wait(100).unwrap() {
                ring.block(|frames| {
                    for frame in frames {
                        if frame.data.len() == 14 + 28 + 33 && frame.data[34..36] == from {
                            assert!(frame.at_ns > 1_600_000_000_000_000_000);
                            seen.push(frame.data[42]);
                        }
                    }
                });
            }
        }
        assert_eq!(seen, (0..100).collect::<Vec<u8>>());
        assert!(ring.kernel_counts().unwrap().received >= 100);
    }
}
