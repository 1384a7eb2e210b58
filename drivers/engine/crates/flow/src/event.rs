//! What a poll returns.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use wire::{Endpoint, FlowKey};

/// The packets a SIP message came in.
#[derive(Debug, Clone)]
pub(crate) enum Raw {
    /// One packet from its IP header on; the message stands at `from..to`.
    Udp {
        ip: Vec<u8>,
        ip_len: u32,
        from: usize,
        to: usize,
    },
    /// Cut from a stream.
    Tcp { data: Vec<u8>, is_web: bool },
}

/// One SIP message.
#[derive(Debug, Clone)]
pub(crate) struct Sip {
    pub id: u64,
    pub at_ns: u64,
    pub interface: Option<Arc<str>>,
    pub key: FlowKey,
    pub vlan: Option<u16>,
    pub whole: bool,
    pub raw: Raw,
}

impl Sip {
    pub fn data(&self) -> &[u8] {
        match &self.raw {
            Raw::Udp { ip, from, to, .. } => &ip[*from..*to],
            Raw::Tcp { data, .. } => data,
        }
    }

    /// What it takes while it waits.
    pub fn memory_bytes(&self) -> usize {
        let (Raw::Udp { ip: own, .. } | Raw::Tcp { data: own, .. }) = &self.raw;
        size_of::<(u64, Event)>() + own.capacity()
    }
}

impl Serialize for Sip {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            t: &'a str,
            id: u64,
            at_ns: u64,
            transport: &'a str,
            src: String,
            src_port: u16,
            dst: String,
            dst_port: u16,
            #[serde(with = "serde_bytes")]
            data: &'a [u8],
            vlan: Option<u16>,
            whole: bool,
            interface: Option<&'a str>,
        }
        Form {
            t: "sip",
            id: self.id,
            at_ns: self.at_ns,
            transport: match self.raw {
                Raw::Udp { .. } => "udp",
                Raw::Tcp { is_web: false, .. } => "tcp",
                Raw::Tcp { is_web: true, .. } => "ws",
            },
            src: self.key.src.address.to_string(),
            src_port: self.key.src.port,
            dst: self.key.dst.address.to_string(),
            dst_port: self.key.dst.port,
            data: self.data(),
            vlan: self.vlan,
            whole: self.whole,
            interface: self.interface.as_deref(),
        }
        .serialize(serializer)
    }
}

/// A file that was not read to its end.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FileError {
    pub path: String,
    pub problem: String,
    pub offset: u64,
}

/// Everything but SIP.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub(crate) enum Notice {
    Stream {
        bundle: String,
        side: u8,
        ssrc: u32,
        pt: u8,
        #[serde(serialize_with = "text")]
        src: Endpoint,
        #[serde(serialize_with = "text")]
        dst: Endpoint,
        at_ns: u64,
    },
    Dtmf {
        bundle: String,
        side: u8,
        ssrc: u32,
        digit: char,
        at_ns: u64,
        duration_ms: u32,
        /// Pressed while the bundle was paused: good for orders, never to be stored.
        paused: bool,
    },
    Orphan {
        src: String,
        src_port: u16,
        dst: String,
        dst_port: u16,
        ssrc: u32,
        pt: u8,
        packets: u64,
        first_ns: u64,
    },
    Disk {
        full: bool,
        free_bytes: u64,
    },
    Link {
        up: bool,
        interface: String,
    },
    End {
        errors: Vec<FileError>,
    },
}

/// Write an endpoint as `ip:port`.
pub(crate) fn text<S: Serializer>(endpoint: &Endpoint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(endpoint)
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Event {
    Sip(Sip),
    Notice(Notice),
}

/// `MessagePack` with maps for structures.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    // Our own structures have no form that MessagePack lacks; an empty answer would be refused by the reader.
    rmp_serde::to_vec_named(value).unwrap_or_default()
}
