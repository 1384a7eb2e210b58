//! The engine's configuration, as it comes over the border.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::FlowError;

/// Where packets come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// Capture files, merged by time.
    File {
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// Network interfaces.
    Ring {
        /// Its name.
        #[serde(default)]
        interface: String,
        /// Names, when there are several.
        #[serde(default)]
        interfaces: Vec<String>,
        /// Memory of all rings together.
        ring_bytes: usize,
        /// Memory of one block.
        block_bytes: usize,
        /// How many threads (and rings) share the packets.
        threads: usize,
        /// Number of the fan-out group, used when there are several threads.
        fanout_group: u16,
    },
}

impl Source {
    /// Names of the interfaces, each once.
    pub(crate) fn interfaces(&self) -> Vec<String> {
        let Self::Ring {
            interface,
            interfaces,
            ..
        } = self
        else {
            return Vec::new();
        };
        let mut names: Vec<String> = Vec::new();
        for name in std::iter::once(interface).chain(interfaces) {
            if !name.is_empty() && !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

/// UDP ports that carry packets of others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tunnels {
    /// VXLAN.
    pub vxlan_ports: Vec<u16>,
    /// TZSP.
    pub tzsp_ports: Vec<u16>,
    /// HEP.
    pub hep_ports: Vec<u16>,
}

impl Default for Tunnels {
    fn default() -> Self {
        Self {
            vxlan_ports: vec![4789],
            tzsp_ports: vec![37_008],
            hep_ports: vec![9060],
        }
    }
}

impl Tunnels {
    pub(crate) fn ports(&self) -> wire::unwrap::Ports {
        wire::unwrap::Ports {
            vxlan: self.vxlan_ports.clone(),
            tzsp: self.tzsp_ports.clone(),
            hep: self.hep_ports.clone(),
        }
    }
}

const fn default_duplicate_ms() -> u32 {
    50
}

/// All of it. Units are in the names; `_s` may be fractions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where packets come from.
    pub source: Source,
    /// Folder of open bundles.
    pub spool: PathBuf,
    /// Name of the media file in a bundle's folder.
    pub media_file: String,
    /// Ports where SIP is expected.
    pub sip_ports: Vec<u16>,
    /// Look for SIP on other ports, too.
    pub sip_anywhere: bool,
    /// Where tunnels are expected.
    #[serde(default)]
    pub tunnels: Tunnels,
    /// A packet that comes again within this is a copy of the mirror; 0: never.
    #[serde(default = "default_duplicate_ms")]
    pub duplicate_ms: u32,
    /// Which keys are pressed is not written: telephone events lose their code.
    #[serde(default)]
    pub blank_keys: bool,
    /// A poll of a file ends after so many messages.
    pub batch_messages: usize,
    /// A poll of a file ends after so much capture time.
    pub batch_ms: u64,
    /// How long media waits for its binding.
    pub hold_s: f64,
    /// How much media waits for its binding.
    pub hold_bytes: usize,
    /// Media without binding is reported after this.
    pub orphan_after_s: f64,
    /// Flows at once.
    pub max_flows: usize,
    /// TCP streams at once.
    pub max_tcp_streams: usize,
    /// What one TCP stream holds while it waits for missing bytes.
    pub max_tcp_bytes: usize,
    /// Longest SIP message.
    pub max_message_bytes: usize,
    /// Events that wait for a poll.
    pub max_events: usize,
    /// Of REGISTER, OPTIONS, PUBLISH, SUBSCRIBE and their answers only what is news of a telephone, or of a call, is told.
    #[serde(default)]
    pub skip_outside_calls: bool,
    /// So many new calls a second are told at once, those beyond when somebody answers them; 0: all.
    #[serde(default)]
    pub calls_at_once_per_s: u32,
    /// A call that waits and that nobody answers is over after this.
    #[serde(default)]
    pub unanswered_s: f64,
    /// Bundles of capture files are kept in memory, up to so much, until they are taken; 0: they are files.
    #[serde(default)]
    pub memory_bytes: usize,
    /// A bundle's records are written when there are so many bytes of them …
    pub write_block_bytes: usize,
    /// … or after this.
    pub flush_s: f64,
    /// How often everything reaches the disk; 0: never.
    pub fsync_s: f64,
    /// Media is not written below this.
    pub min_free_bytes: u64,
}

/// Longer than any of our times, short enough to be counted in nanoseconds.
const MAX_SECONDS: f64 = 1e6;

impl Config {
    /// Read and check it.
    pub fn from_json(json: &[u8]) -> Result<Self, FlowError> {
        let config: Self =
            serde_json::from_slice(json).map_err(|error| FlowError::Config(error.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), FlowError> {
        let refuse = |problem: &str| Err(FlowError::Config(problem.to_owned()));
        for (name, value) in [
            ("hold_s", self.hold_s),
            ("orphan_after_s", self.orphan_after_s),
            ("flush_s", self.flush_s),
            ("fsync_s", self.fsync_s),
            ("unanswered_s", self.unanswered_s),
        ] {
            if !(0.0..=MAX_SECONDS).contains(&value) {
                return refuse(&format!("{name} must be 0 to {MAX_SECONDS}"));
            }
        }
        for (name, value) in [
            ("batch_messages", self.batch_messages),
            ("max_flows", self.max_flows),
            ("max_tcp_streams", self.max_tcp_streams),
            ("max_tcp_bytes", self.max_tcp_bytes),
            ("max_message_bytes", self.max_message_bytes),
            ("max_events", self.max_events),
            ("write_block_bytes", self.write_block_bytes),
        ] {
            if value == 0 || value > u32::MAX as usize {
                return refuse(&format!("{name} must be 1 to {}", u32::MAX));
            }
        }
        if self.duplicate_ms > 10_000 {
            return refuse("duplicate_ms must be 0 to 10000");
        }
        if self.media_file.is_empty() || self.media_file.contains('/') {
            return refuse("media_file must be a file name");
        }
        match &self.source {
            Source::File { paths } if paths.is_empty() => refuse("paths must name a file"),
            ring @ Source::Ring { .. } if ring.interfaces().is_empty() => {
                refuse("interface must name one")
            }
            Source::Ring { threads, .. } if !(1..=64).contains(threads) => {
                refuse("threads must be 1 to 64")
            }
            _ => Ok(()),
        }
    }

    /// Units: nanoseconds.
    pub(crate) fn hold_ns(&self) -> u64 {
        ns(self.hold_s)
    }

    /// Units: nanoseconds.
    pub(crate) fn orphan_after_ns(&self) -> u64 {
        ns(self.orphan_after_s)
    }

    /// Units: nanoseconds.
    pub(crate) fn unanswered_ns(&self) -> u64 {
        ns(self.unanswered_s)
    }

    /// How old a block gets before it is written.
    pub(crate) fn flush(&self) -> Duration {
        Duration::from_secs_f64(self.flush_s)
    }

    /// How often everything reaches the disk.
    pub(crate) fn sync_every(&self) -> Duration {
        Duration::from_secs_f64(self.fsync_s)
    }
}

fn ns(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A configuration for tests of the pipeline.
    pub fn sample(spool: &std::path::Path) -> Config {
        Config {
            source: Source::File {
                paths: vec!["x".into()],
            },
            spool: spool.to_owned(),
            media_file: "media.pcap".into(),
            sip_ports: vec![5060],
            sip_anywhere: true,
            tunnels: Tunnels::default(),
            duplicate_ms: 50,
            blank_keys: false,
            batch_messages: 100,
            batch_ms: 1000,
            hold_s: 5.0,
            hold_bytes: 1 << 20,
            orphan_after_s: 1.0,
            max_flows: 100,
            max_tcp_streams: 100,
            max_tcp_bytes: 1 << 16,
            max_message_bytes: 1 << 16,
            max_events: 1000,
            skip_outside_calls: false,
            calls_at_once_per_s: 0,
            unanswered_s: 0.0,
            memory_bytes: 0,
            write_block_bytes: 1 << 16,
            flush_s: 1000.0,
            fsync_s: 0.0,
            min_free_bytes: 0,
        }
    }

    const JSON: &str = r#"{"source":{"kind":"ring","interface":"lo","ring_bytes":1,"block_bytes":1,"threads":1,
        "fanout_group":7},"spool":"/s","media_file":"m","sip_ports":[5060],"sip_anywhere":true,"batch_messages":1,
        "batch_ms":1,"hold_s":0.5,"hold_bytes":1,"orphan_after_s":1,"max_flows":1,"max_tcp_streams":1,"max_tcp_bytes":1,
        "max_message_bytes":1,"max_events":1,"write_block_bytes":1,"flush_s":1,"fsync_s":0,"min_free_bytes":1}"#;

    #[test]
    fn the_documented_form_is_read() {
        let config = Config::from_json(JSON.as_bytes()).unwrap();
        assert_eq!(config.hold_ns(), 500_000_000);
        assert!(matches!(
            config.source,
            Source::Ring {
                fanout_group: 7,
                ..
            }
        ));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for (from, to, named) in [
            ("\"hold_s\":0.5", "\"hold_s\":-1", "hold_s"),
            ("\"max_flows\":1", "\"max_flows\":0", "max_flows"),
            (
                "\"media_file\":\"m\"",
                "\"media_file\":\"../m\"",
                "media_file",
            ),
            ("\"threads\":1", "\"threads\":0", "threads"),
            ("\"flush_s\"", "\"flushes\"", "flushes"),
            ("\"ring\"", "\"wing\"", "wing"),
        ] {
            let error = Config::from_json(JSON.replace(from, to).as_bytes()).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}
